import { z } from 'zod';
import { Region, say } from '#core';
import { notYet } from '#workflow';
import type { LostRegionWorld } from '../../lost-region-world.ts';
import type { UnplannedFacts } from '../../unplanned-facts.ts';
import type { LossStep } from './step.ts';

export const Diverted = z.object({ from: Region });

/** Step 5: drivers are turned away from the lost region on DNS's data plane. Their arrival is waited for at the end. */
export const divertDns: LossStep<unknown, z.output<typeof Diverted>> = {
  output: Diverted,
  says: ({ facts }) => ({
    todo: `Turn drivers away from ${facts.from}`,
    done: `drivers are turned away from ${facts.from}`,
  }),
  tells: ({ from }) => say`Health checks turn drivers away from ${from}; DNS's control API was not needed.`,
  observe: async ({ world, input: { facts } }) =>
    (await isDiverted(world, facts)) ? { happened: true, output: { from: facts.from } } : notYet,
  run: async ({ world, input: { facts }, signal }) => {
    await world.dnsSwitch.undivert(facts.to);
    signal.throwIfAborted();
    await world.dnsSwitch.divert(facts.from);
    return { from: facts.from };
  },
  timeoutMs: 60_000,
  retry: { times: 20, everyMs: 1_000 },
};

async function isDiverted({ dnsSwitch }: LostRegionWorld, { from, to }: UnplannedFacts): Promise<boolean> {
  const diverted = await dnsSwitch.diverted();
  return diverted.includes(from) && !diverted.includes(to);
}
