import { swapReceipt } from '#flows';
import { swapWorkflow } from '#restore';
import { defineJob, nothingNoticed } from './job.ts';

export const restoreSwapJob = defineJob({
  workflow: swapWorkflow,
  worldOf: ({ restore }) => restore,
  receipt: swapReceipt,
  nowLine: nothingNoticed,
  // What is live now is no longer what the backups before it were of.
  followUp: () => 'backup mongodb',
});
