import { backupReceipt } from '#flows';
import { backupWorkflow } from '#snapshot';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const backupJob = defineJob({
  workflow: backupWorkflow,
  worldOf: ({ backup }) => backup,
  receipt: backupReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
