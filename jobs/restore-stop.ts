import { restoreStopReceipt } from '#flows';
import { restoreStopWorkflow } from '#restore';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const restoreStopJob = defineJob({
  workflow: restoreStopWorkflow,
  worldOf: ({ restore }) => restore,
  receipt: restoreStopReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
