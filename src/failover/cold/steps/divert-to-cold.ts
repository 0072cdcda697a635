import { z } from 'zod';
import { asDrError, Region } from '#core';
import { notYet } from '#workflow';
import type { ColdContext, ColdStep } from '../step.ts';
import { regionsOf } from './fence-all.ts';

const TRIES = 3;
const BETWEEN_MS = 500;

export const SentAway = z.object({
  from: z.array(Region),
  /** Whose switch lies in a bucket that is lost too. */
  silent: z.array(Region),
});

/**
 * Step 9: users are turned away from every lost region on DNS's data plane. Where no record with a weight is healthy, DNS answers with
 * the healthy ones of weight 0, so nothing has to be asked of its control API.
 */
export const divertToCold: ColdStep<unknown, z.output<typeof SentAway>> = {
  output: SentAway,
  says: ({ facts }) => ({
    todo: `Turn drivers away from ${regionsOf(facts)}`,
    done: `drivers are turned away from ${regionsOf(facts)}`,
  }),
  tells: ({ from, silent }) => [
    from.length > 0
      ? `Health checks turn drivers away from ${from.join(' and ')}; DNS's control API was not needed.`
      : 'No switch for DNS could be thrown.',
    silent.length > 0
      ? ` The switch of ${silent.join(' and ')} does not answer: no instance there holds a lease, so its own health check turns drivers away.`
      : '',
  ],
  observe: async () => notYet,
  run: async (context) => {
    const from: Region[] = [];
    const silent: Region[] = [];
    for (const { region } of context.input.facts.from) {
      const thrown = await throwSwitch(context, region);
      (thrown ? from : silent).push(region);
    }
    return { from, silent };
  },
  timeoutMs: 120_000,
  retry: { times: 20, everyMs: 1_000 },
};

/** Whether it was thrown. Where its bucket is lost too nobody waits for it: a region without a lease is turned away from anyway. */
async function throwSwitch({ world, input, clock, signal }: ColdContext, region: Region): Promise<boolean> {
  for (let tries = 1; world.dnsSwitch && tries <= TRIES; tries += 1) {
    signal.throwIfAborted();
    try {
      await world.dnsSwitch.divert(region, input.facts.to);
      return true;
    } catch (thrown) {
      if (asDrError(thrown).kind !== 'transient') throw thrown;
      await clock.sleep(BETWEEN_MS, signal);
    }
  }
  return false;
}
