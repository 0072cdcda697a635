/** Moving production between regions: the planned failover and the failback, their previews, and their write block. */
export { ColdFacts, ColdInput, VaultPoint } from './cold/facts.ts';
export { type ColdPreview, previewCold } from './cold/preview-cold.ts';
export { ColdReceipt } from './cold/receipt.ts';
export {
  openServingDatabases,
  type ServingDatabase,
  type ServingDatabases,
  servingDatabase,
} from './cold/serving-database.ts';
export type { ColdWorld, FoundedDatabase, LoadedData, VaultData } from './cold/world.ts';
export { coldWorkflow } from './cold.workflow.ts';
export { MoveFacts, MoveInput, MoveLimits, MoveLive } from './facts.ts';
export { failbackWorkflow } from './failback.workflow.ts';
export { failoverWorkflow } from './failover.workflow.ts';
export {
  allGivenUp,
  type GivenUpRegion,
  type GivenUpRegions,
  givenUp,
  noteGivenUp,
  noteRebuilt,
  openGivenUpRegions,
  takeBackGivenUp,
} from './given-up.ts';
export { type CacheHanded, type CachePlan, cacheWords, handOverCaches } from './hand-over-caches.ts';
export { openLeftovers } from './leftovers.ts';
export { liftStaleBlocks } from './lift-stale-block.ts';
export { LossCount } from './loss-count.ts';
export type { LossBooks, LostRegionWorld, TailRecovered, TailView, VaultTail } from './lost-region-world.ts';
export { previewFailback } from './preview-failback.ts';
export { previewFailover } from './preview-failover.ts';
export type { MovePreview } from './preview-move.ts';
export { previewUnplanned, type UnplannedPreview } from './preview-unplanned.ts';
export { type RebuildFacts, RebuildInput, type ReturnedMember } from './rebuild/facts.ts';
export { lookAtMembers } from './rebuild/members-view.ts';
export { previewRebuild, type RebuildPreview } from './rebuild/preview-rebuild.ts';
export { proveCopy } from './rebuild/prove-copy.ts';
export { Proved } from './rebuild/steps/prove.ts';
export { ReadDivergent } from './rebuild/steps/read-divergent.ts';
export { Rejoined } from './rebuild/steps/rejoin.ts';
export type { RebuildSettings, RebuildWorld, ReturnedWrites } from './rebuild/world.ts';
export { rebuildWorkflow } from './rebuild.workflow.ts';
export { MoveProof, MoveReceipt, Pauses } from './receipt.ts';
export { servedWeights } from './served-weights.ts';
export { FailoverSettings, RegionSettings } from './settings.ts';
export { FAILBACK_STEPS, FAILOVER_STEPS } from './step-names.ts';
export { MOVES, type SweepDeps, sweepLeftovers } from './sweep-leftovers.ts';
export { unplannedWorkflow } from './unplanned.workflow.ts';
export { UnplannedFacts, UnplannedInput } from './unplanned-facts.ts';
export { UnplannedReceipt } from './unplanned-receipt.ts';
export type { FailoverWorld, VerifiedBackup } from './world.ts';
export { holdWrites, liftWrites, openWriteBlocks, WriteBlock, type WriteBlocks } from './write-block.ts';
