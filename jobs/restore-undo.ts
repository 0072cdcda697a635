import { swapReceipt } from '#flows';
import { undoSwapWorkflow } from '#restore';
import { defineJob, nothingNoticed } from './job.ts';

export const restoreUndoJob = defineJob({
  workflow: undoSwapWorkflow,
  worldOf: ({ restore }) => restore,
  receipt: swapReceipt,
  nowLine: nothingNoticed,
  followUp: () => 'backup mongodb',
});
