import { failoverWorkflow } from '#failover';
import { moveNowLine, moveReceipt } from '#flows';
import { defineJob, nothingFollows } from './job.ts';

export const failoverJob = defineJob({
  workflow: failoverWorkflow,
  worldOf: ({ move }) => move,
  receipt: moveReceipt,
  nowLine: moveNowLine,
  followUp: nothingFollows,
});
