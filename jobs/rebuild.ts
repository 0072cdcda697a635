import { rebuildWorkflow } from '#failover';
import { regionRebuildReceipt } from '#flows';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const rebuildJob = defineJob({
  workflow: rebuildWorkflow,
  worldOf: ({ rebuild }) => rebuild,
  receipt: regionRebuildReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
