import { pruneReceipt, retentionOf } from '#flows';
import { pruneWorkflow } from '#retention';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const pruneJob = defineJob({
  workflow: pruneWorkflow,
  worldOf: retentionOf,
  receipt: pruneReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
