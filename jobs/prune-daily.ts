import { pruneReceipt, retentionOf } from '#flows';
import { pruneDailyWorkflow } from '#retention';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const pruneDailyJob = defineJob({
  workflow: pruneDailyWorkflow,
  worldOf: retentionOf,
  receipt: pruneReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
