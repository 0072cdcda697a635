/**
 * Restore: beside the live data, proved, then swapped in by renaming. Nothing is dropped before that.
 * Order of use: restoreBeside, verifyBeside, planSwap; with user writes blocked: swapCollection for each, restoreTtl,
 * restoreViews; swapBack undoes it, dropOld ends it after seven days, dropBeside instead of a swap.
 */
export { besideName, oldName } from './beside-names.ts';
export { type CatalogAt, catalogAt } from './catalog-at.ts';
export { type Choice, chooseNamespaces, isChosen, viewsLeftOut } from './choose-namespaces.ts';
export { committedLeniently } from './committed-operations.ts';
export { isDiff, updated } from './fold-views.ts';
export { type Judged, refuseUnfit, releaseOf } from './judge-cluster.ts';
export { lookForRoom, type Room } from './keep-room.ts';
export { type AnyNaming, databasesOf, Naming, placeOf } from './naming.ts';
export { SCRATCH } from './open-approved.ts';
export {
  type PlanSwapOptions,
  planSwap,
  type SinceBackup,
  type SwapOfCollection,
  type SwapPlan,
} from './plan-swap.ts';
export { RestoreInput, restoreWorkflow } from './restore.workflow.ts';
export { RestoreAsInput, restoreAsWorkflow } from './restore-as.workflow.ts';
export {
  BesideCollection,
  type RestoreBesideOptions,
  RestoredBeside,
  type RestoreProgress,
  restoreBeside,
} from './restore-beside.ts';
export { RestoreOnInput, restoreOnWorkflow } from './restore-on.workflow.ts';
export { type PlannedCollection, planRestore, type RestorePlan, type Wanted } from './restore-plan.ts';
export { CapturedUntil, openPoint, pointOf, type RestoredTo, RestorePoint, restoredTo } from './restore-point.ts';
export { RestoreStopInput, restoreStopWorkflow } from './restore-stop.workflow.ts';
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
export { leftInVault } from './tail/left-in-vault.ts';
export type { LookedAtTail } from './tail/look-at-tail.ts';
export { keptTail, readPin, TailPin } from './tail/save-tail.ts';
export type { TailWorld } from './tail/tail-world.ts';
export { vaultTail } from './tail/vault-tail.ts';
export { type VaultDataParts, vaultData, type WholePoint } from './vault-data.ts';
export { BesideVerification, type VerifyBesideOptions, verifyBeside } from './verify-beside.ts';
export { waitForRoom } from './wait-for-room.ts';
