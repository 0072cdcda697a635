import { restoreReceipt } from '#flows';
import { restoreWorkflow } from '#restore';
import { defineJob, nothingNoticed } from './job.ts';

export const restoreJob = defineJob({
  workflow: restoreWorkflow,
  worldOf: ({ restore }) => restore,
  receipt: restoreReceipt,
  nowLine: nothingNoticed,
  // Only the swap is dangerous, so it is asked for on its own, as soon as the data is proved.
  followUp: (run) => `restore swap ${run.id}`,
});
