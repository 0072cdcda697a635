import { rebuildReceipt } from '#flows';
import { rebuildCatalogWorkflow } from '#integrity';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const catalogRebuildJob = defineJob({
  workflow: rebuildCatalogWorkflow,
  worldOf: ({ backup }) => ({ vault: backup.vault }),
  receipt: rebuildReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
