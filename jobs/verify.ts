import { verifyReceipt } from '#flows';
import { verifyWorkflow } from '#integrity';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const verifyJob = defineJob({
  workflow: verifyWorkflow,
  worldOf: ({ backup }) => ({ vault: backup.vault }),
  receipt: verifyReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
