import { restoreAsReceipt } from '#flows';
import { RestoreAsInput, restoreAsWorkflow } from '#restore';
import { defineJob, nothingNoticed } from './job.ts';

export const restoreAsJob = defineJob({
  workflow: restoreAsWorkflow,
  worldOf: ({ restore }) => restore,
  receipt: restoreAsReceipt,
  nowLine: nothingNoticed,
  // New collections came into what is backed up without their writes being captured, as after a swap.
  followUp: (run) => (RestoreAsInput.parse(run.input).captured ? 'backup mongodb' : undefined),
});
