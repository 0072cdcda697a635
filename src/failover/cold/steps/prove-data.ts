import { z } from 'zod';
import { counted, say } from '#core';
import { notYet } from '#workflow';
import type { ColdStep } from '../step.ts';
import type { Chosen } from './choose-point.ts';

export const Proved = z.object({ collections: z.number().int(), documents: z.number() });
export type Proved = z.output<typeof Proved>;

/** Step 5: nothing is served that does not equal the vault, document by document. */
export const proveData: ColdStep<{ readonly 'choose-point': Chosen }, Proved> = {
  output: Proved,
  says: () => ({ todo: 'Prove that it equals the vault', done: 'proved equal to the vault' }),
  tells: ({ collections, documents }) =>
    say`${counted(collections, 'collection')}, ${counted(documents, 'document')}: equal in count and hash, with their indexes and options.`,
  observe: async () => notYet,
  run: ({ world, input, runId, done, signal, report }) =>
    world.data.prove(runId, input.facts.host, done['choose-point'].point, { signal, report }),
  timeoutMs: 6 * 3_600_000,
  retry: { times: 5, everyMs: 3_000 },
};
