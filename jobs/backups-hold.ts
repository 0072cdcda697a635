import { holdingReceipt, retentionOf } from '#flows';
import { holdWorkflow } from '#retention';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const backupsHoldJob = defineJob({
  workflow: holdWorkflow,
  worldOf: retentionOf,
  receipt: holdingReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
