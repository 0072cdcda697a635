/**
 * Restore: beside the live data, proved, then swapped in by renaming. Nothing is dropped before that.
 * Order of use: restoreBeside, verifyBeside, planSwap; with user writes blocked: swapCollection for each, restoreTtl,
 * restoreViews; swapBack undoes it, dropOld ends it after seven days, dropBeside instead of a swap.
 */
export { besideName, oldName } from './beside-names.ts';
export {
  type PlanSwapOptions,
  planSwap,
  type SinceBackup,
  type SwapOfCollection,
  type SwapPlan,
} from './plan-swap.ts';
export { RestoreInput, restoreWorkflow } from './restore.workflow.ts';
export {
  BesideCollection,
  type RestoreBesideOptions,
  RestoredBeside,
  type RestoreProgress,
  restoreBeside,
} from './restore-beside.ts';
export { CapturedUntil, openPoint, pointOf, type RestoredTo, RestorePoint, restoredTo } from './restore-point.ts';
export { type RestoredViews, restoreViews } from './restore-views.ts';
export type { RestoreWorld } from './restore-world.ts';
export { SwapInput, swapWorkflow, undoSwapWorkflow } from './swap.workflow.ts';
export {
  dropBeside,
  dropOld,
  observeSwap,
  restoreTtl,
  type SwapOf,
  type SwapState,
  swapBack,
  swapCollection,
} from './swap-collection.ts';
export { BesideVerification, type VerifyBesideOptions, verifyBeside } from './verify-beside.ts';
