import { failbackWorkflow } from '#failover';
import { moveNowLine, moveReceipt } from '#flows';
import { defineJob, nothingFollows } from './job.ts';

export const failbackJob = defineJob({
  workflow: failbackWorkflow,
  worldOf: ({ move }) => move,
  receipt: moveReceipt,
  nowLine: moveNowLine,
  followUp: nothingFollows,
});
