import { holdingReceipt, retentionOf } from '#flows';
import { releaseWorkflow } from '#retention';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const backupsReleaseJob = defineJob({
  workflow: releaseWorkflow,
  worldOf: retentionOf,
  receipt: holdingReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
