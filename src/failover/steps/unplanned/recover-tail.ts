import { z } from 'zod';
import { formatCount, say } from '#core';
import { notYet } from '#workflow';
import { holdWrites } from '../../write-block.ts';
import type { Fenced } from './fence.ts';
import { blockOf, type LossStep, OpTimeFact } from './step.ts';

export const Recovered = z.object({
  applied: z.number().int(),
  reaches: OpTimeFact,
  leftOut: z.number().int(),
});
export type Recovered = z.output<typeof Recovered>;

/** Step 3, from which it only goes forward: what the vault has and the survivor does not is put back before anybody writes. */
export const recoverTail: LossStep<{ readonly fence: Fenced }, Recovered> = {
  output: Recovered,
  says: () => ({ todo: 'Put back from the vault what the survivor lacks', done: 'the tail is put back' }),
  tells: ({ applied, leftOut }) => {
    const left = leftOut > 0 ? ` ${formatCount(leftOut)} could not be applied; they are in the loss receipt.` : '';
    return say`${formatCount(applied)} changes put back from the vault.${left}`;
  },
  // What is applied already changes nothing when it is applied again.
  observe: async () => notYet,
  run: async (context) => {
    const { world, runId, done, signal, report } = context;
    await holdWrites(world, runId, blockOf(context));
    signal.throwIfAborted();
    return world.tail.recover(runId, done.fence.survivorHas, { signal, report: (text) => report({ text }) });
  },
  timeoutMs: 600_000,
  retry: { times: 10, everyMs: 1_000 },
};
