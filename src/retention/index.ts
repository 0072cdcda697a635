/**
 * What stays in the vault and what goes. plan-prune.ts says what and why, prove-prune.ts proves it apart from that;
 * mark.ts and sweep.ts do it, days apart.
 */

export { classesOf } from './choose-class.ts';
export { decide } from './decide.ts';
export { type HeldObjects, type HoldingWorld, holdBackup, releaseBackup } from './hold-backup.ts';
export {
  HeldCounts,
  HoldingInput,
  holdWorkflow,
  releaseWorkflow,
} from './holding.workflow.ts';
export {
  type Held,
  type InUse,
  type Inventory,
  type KnownBackup,
  placeName,
  type StoredKey,
  type UnknownBackup,
} from './inventory.ts';
export { look } from './look.ts';
export { type ManifestFacts, manifestFacts } from './manifest-facts.ts';
export { type Marked, mark } from './mark.ts';
export { type Kept, type PrunePlan, planPrune, type Unneeded } from './plan-prune.ts';
export { DAY_MS, policyOf, type RetentionPolicy, TIERS, type Tier } from './policy.ts';
export { provePrune } from './prove-prune.ts';
export {
  MarkedCounts,
  PruneInput,
  pruneDailyWorkflow,
  pruneWorkflow,
  SweptThings,
} from './prune.workflow.ts';
export { type Candidate, type PruneList, pruneList } from './prune-list.ts';
export type { PruneQuestion } from './prune-question.ts';
export { type Retained, sayRetained } from './remove-unit.ts';
export { type RetentionWorld, retentionWorld } from './retention-world.ts';
export { type Swept, sweep } from './sweep.ts';
export { type Unit, unitName } from './units.ts';
