import type { RequestId } from '#core';
import type { MemberOplog } from '#ports';
import { addDivergent, addRollbackFile } from './add-divergent.ts';
import { countLoss, type Loss } from './count-loss.ts';
import type { LossWork, LossWorld } from './loss-world.ts';

/** What a failover, and those who bring its old members back, write into about a loss. */
export const lossBooks = (world: LossWorld) => ({
  count: (run: RequestId, lost: Loss, work: LossWork) => countLoss(world, run, lost, work),
  addDivergent: (run: RequestId, host: string, member: MemberOplog, work: LossWork) =>
    addDivergent(world, run, host, member, work),
  addRollbackFile: (
    run: RequestId,
    file: { readonly host: string; readonly name: string; readonly content: AsyncIterable<Uint8Array> },
    signal: AbortSignal,
  ) => addRollbackFile(world, run, file, signal),
});
