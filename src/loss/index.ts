/**
 * What a failover that nobody planned lost: counted against what users were told, against what the vault has, and later against
 * the old members; listed by id in a receipt that is signed and kept; and merged back as far as it fits.
 */
export type { CountedLoss, Loss } from './count-loss.ts';
export { readMissing, readReceipt, type Standing } from './keep-receipt.ts';
export { lossBooks } from './loss-books.ts';
export type { LossWorld, LostHistory, LostOperation } from './loss-world.ts';
export { Merged, MergeInput, mergeWorkflow } from './merge.workflow.ts';
export { type Fate, type MergePlan, noReceipt, type PlannedWrite, planMerge, toWrite } from './plan-merge.ts';
export { LossReceipt, type MissingWrite, SignedReceipt, spanOf } from './receipt.ts';
