import { rotateReceipt } from '#flows';
import { keysRotateWorkflow } from '#keys';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const keysRotateJob = defineJob({
  workflow: keysRotateWorkflow,
  worldOf: ({ backup }) => ({ vault: backup.vault }),
  receipt: rotateReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
