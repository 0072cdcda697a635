import { unplannedWorkflow } from '#failover';
import { unplannedNowLine, unplannedReceipt } from '#flows';
import { defineJob, nothingFollows } from './job.ts';

export const unplannedFailoverJob = defineJob({
  workflow: unplannedWorkflow,
  worldOf: ({ lostRegion }) => lostRegion(),
  receipt: unplannedReceipt,
  nowLine: unplannedNowLine,
  followUp: nothingFollows,
});
