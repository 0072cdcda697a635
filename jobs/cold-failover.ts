import { coldWorkflow } from '#failover';
import { coldNowLine, coldReceipt } from '#flows';
import { defineJob, nothingFollows } from './job.ts';

export const coldFailoverJob = defineJob({
  workflow: coldWorkflow,
  worldOf: ({ cold }) => cold(),
  receipt: coldReceipt,
  nowLine: coldNowLine,
  followUp: nothingFollows,
});
