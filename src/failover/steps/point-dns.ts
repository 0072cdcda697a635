import { z } from 'zod';
import { say } from '#core';
import { notYet } from '#workflow';
import { letDriversIn, pointDns, sameWeights, shareOf, waitForTraffic } from '../point-dns.ts';
import type { Step } from './step.ts';

export const DnsPointed = z.object({ share: z.number() });
export type DnsPointed = z.output<typeof DnsPointed>;

/** Step 4: all drivers to the new region, and seen to arrive there. The last step that is put back by itself. */
export const pointDnsStep: Step<unknown, DnsPointed> = {
  output: DnsPointed,
  says: ({ facts }) => ({ todo: `Point DNS at ${facts.to}`, done: `DNS at ${facts.to}` }),
  tells: (_, { facts }) => say`DNS at ${facts.to}, INSYNC.`,
  observe: async ({ world, input }) => {
    if (!sameWeights(await world.dns.weights(), input.facts.weightsAfter)) return notYet;
    const share = shareOf(await world.traffic.view(), input.facts.to);
    return share !== undefined && share >= world.settings.movedShare ? { happened: true, output: { share } } : notYet;
  },
  run: async (context) => {
    // Open since the writes were stopped; a driver must not come to a region of which that is only believed.
    await context.world.fence.open(context.input.facts.to, context.runId);
    await letDriversIn(context.world, context.input.facts.to);
    await pointDns(context, context.input.facts.weightsAfter);
    return { share: await waitForTraffic(context, context.input.facts.to) };
  },
  undo: async (context) => pointDns(context, context.input.facts.weightsBefore),
  timeoutMs: 420_000,
  retry: { times: 10, everyMs: 2_000 },
};
