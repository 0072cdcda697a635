import { formatCount, say } from '#core';
import { notYet } from '#workflow';
import { proveMove } from '../prove-move.ts';
import { MoveProof } from '../receipt.ts';
import type { Context, Step } from './step.ts';
import type { WritesStopped } from './stop-writes.ts';

/** Step 7: that it works is counted, not assumed. */
export const verify: Step<{ readonly 'stop-writes': WritesStopped }, MoveProof> = {
  output: MoveProof,
  says: () => ({ todo: 'Verify with real writes and reads', done: 'verified' }),
  tells: (proof, { facts }) => tellProof(proof, facts.to),
  // Test writes and reading back are harmless to repeat, and only fresh ones prove anything.
  observe: async () => notYet,
  run: async (context) => proveFrom(context, context.done['stop-writes'].from),
  timeoutMs: 600_000,
  retry: { times: 5, everyMs: 2_000 },
};

export function tellProof({ readBack, testWrites, trafficShare }: MoveProof, region: string) {
  const { writes, removed } = readBack;
  const later =
    removed > 0 ? ` (${formatCount(removed)} were deleted or changed by somebody since, its oplog has them)` : '';
  return say`All ${formatCount(writes)} acknowledged writes read back from ${region}, by id and hash${later}. ${formatCount(testWrites.readBack)} of ${formatCount(testWrites.written)} test writes and reads. ${Math.floor(trafficShare * 100)} % of drivers there.`;
}

/** Reads back what was acknowledged since a while before the pause. */
export const proveFrom = (context: Context, pauseFrom: Date): Promise<MoveProof> =>
  proveMove(context, {
    region: context.input.facts.to,
    primary: context.input.facts.primaryAfter,
    from: new Date(pauseFrom.getTime() - context.world.settings.readBackBeforeMs),
  });
