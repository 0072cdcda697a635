import { mergeReceipt } from '#flows';
import { mergeWorkflow } from '#loss';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const mergeJob = defineJob({
  workflow: mergeWorkflow,
  worldOf: ({ loss }) => loss,
  receipt: mergeReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
