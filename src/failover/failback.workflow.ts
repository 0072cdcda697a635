import { defineWorkflow } from '#workflow';
import { MoveInput } from './facts.ts';
import { NOTHING_YET } from './hold-points.ts';
import { complete } from './steps/complete.ts';
import { shiftTraffic } from './steps/shift-traffic.ts';
import { sync } from './steps/sync.ts';
import { verifyRegion } from './steps/verify-region.ts';
import type { FailoverWorld } from './world.ts';

/** The way back to the primary region, in the plan's four steps. Put back as a whole until traffic is all there. */
export const failbackWorkflow = defineWorkflow<FailoverWorld>()('failback', { input: MoveInput, exclusive: 'failover' })
  .step('verify-region', verifyRegion)
  .step('sync', sync)
  .step('shift-traffic', shiftTraffic)
  .step('complete', complete)
  .build({
    forwardFrom: 'complete',
    holdPoints: { 'verify-region': NOTHING_YET, sync: 'safe', 'shift-traffic': 'safe', complete: 'safe' },
  });
