import { z } from 'zod';
import { Region, say } from '#core';
import { notYet } from '#workflow';
import type { ColdStep } from '../step.ts';
import { regionsOf } from './fence-all.ts';

export const SentAway = z.object({ from: z.array(Region) });

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
  tells: ({ from }) =>
    from.length > 0
      ? say`Health checks turn drivers away from ${from.join(' and ')}; DNS's control API was not needed.`
      : say`The plan has no switch for DNS: the lost regions' own health checks turn drivers away.`,
  observe: async () => notYet,
  run: async ({ world, input: { facts }, signal }) => {
    const { dnsSwitch } = world;
    if (!dnsSwitch) return { from: [] };
    for (const { region } of facts.from) {
      signal.throwIfAborted();
      await dnsSwitch.divert(region, facts.to);
    }
    return { from: facts.from.map(({ region }) => region) };
  },
  timeoutMs: 120_000,
  retry: { times: 20, everyMs: 1_000 },
};
