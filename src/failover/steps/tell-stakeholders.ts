import { say } from '#core';
import { notYet } from '#workflow';
import { type MoveProof, MoveReceipt } from '../receipt.ts';
import { pausesOf } from '../write-block.ts';
import type { Context, Step } from './step.ts';
import type { Validated } from './validate-target.ts';

/** Step 8: the people who must know are told, with the numbers. */
export const tellStakeholders: Step<
  { readonly 'validate-target': Validated; readonly verify: MoveProof },
  MoveReceipt
> = {
  output: MoveReceipt,
  says: () => ({ todo: 'Tell stakeholders', done: 'stakeholders told' }),
  tells: () => say`Stakeholders told.`,
  // The message is kept once a run by its key, so asking for it again tells nobody twice.
  observe: async () => notYet,
  run: async (context) => {
    const receipt = await receiptOf(context, context.done['validate-target'].startedAt, context.done.verify);
    await context.world.tellStakeholders(context.runId, receipt);
    return receipt;
  },
  timeoutMs: 30_000,
  retry: { times: 5, everyMs: 2_000 },
};

export async function receiptOf(context: Context, startedAt: Date, proof: MoveProof): Promise<MoveReceipt> {
  const { world, runId, clock, input } = context;
  const { facts, limits, reason } = input;
  return {
    move: facts.move,
    from: facts.from,
    to: facts.to,
    reason,
    primary: facts.primaryAfter,
    pauses: pausesOf((await world.writeBlocks.get(runId))?.value),
    pauseLimitMs: limits.pauseMs,
    proof,
    startedAt,
    endedAt: clock.now(),
  };
}
