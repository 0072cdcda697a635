import { readCaptureState } from '#capture';
import { verifyReceipt } from '#flows';
import { verifyWorkflow } from '#integrity';
import { defineJob, nothingFollows, nothingNoticed } from './job.ts';

export const verifyJob = defineJob({
  workflow: verifyWorkflow,
  worldOf: ({ backup, store }) => ({
    vault: backup.vault,
    store,
    captured: async () => (await readCaptureState(store))?.position,
  }),
  receipt: verifyReceipt,
  nowLine: nothingNoticed,
  followUp: nothingFollows,
});
