import { restoreOnReceipt } from '#flows';
import { restoreOnWorkflow } from '#restore';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const restoreOnJob = defineJob({
  workflow: restoreOnWorkflow,
  worldOf: ({ restore }) => restore,
  receipt: restoreOnReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
