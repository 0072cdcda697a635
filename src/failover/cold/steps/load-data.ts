import { z } from 'zod';
import { counted, say } from '#core';
import { notYet } from '#workflow';
import type { ColdStep } from '../step.ts';
import type { LoadedData } from '../world.ts';
import type { Chosen } from './choose-point.ts';

export const Loaded = z.object({
  collections: z.number().int(),
  documents: z.number(),
  bytes: z.number(),
  leftOut: z.array(z.object({ namespace: z.string(), reason: z.string() })),
  kept: z.unknown(),
});

/** Step 4: loaded under names of Holdfast's, so that nobody takes half of it for the whole. */
export const loadData: ColdStep<{ readonly 'choose-point': Chosen }, LoadedData> = {
  output: Loaded,
  says: ({ facts }) => ({ todo: `Load it into ${facts.host}`, done: `loaded into ${facts.host}` }),
  tells: ({ collections, leftOut }) => {
    const left = leftOut.map(({ namespace, reason }) => `${namespace} (${reason})`).join('; ');
    return say`${counted(collections, 'collection')} loaded.${left ? ` Left out: ${left}` : ''}`;
  },
  // Collections that are whole are kept and a half one is made again: asking for it is the observation.
  observe: async () => notYet,
  run: ({ world, input, runId, done, signal, report }) =>
    world.data.load(runId, input.facts.host, done['choose-point'].point, { signal, report }),
  timeoutMs: 6 * 3_600_000,
  retry: { times: 20, everyMs: 3_000 },
};
