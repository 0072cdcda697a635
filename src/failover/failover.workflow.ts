import { defineWorkflow } from '#workflow';
import { MoveInput } from './facts.ts';
import { NOTHING_YET } from './hold-points.ts';
import { pointDnsStep } from './steps/point-dns.ts';
import { promote } from './steps/promote.ts';
import { scaleServices } from './steps/scale-services.ts';
import { stopWrites } from './steps/stop-writes.ts';
import { switchConfiguration } from './steps/switch-configuration.ts';
import { tellStakeholders } from './steps/tell-stakeholders.ts';
import { validateTarget } from './steps/validate-target.ts';
import { verify } from './steps/verify.ts';
import type { FailoverWorld } from './world.ts';

/**
 * The planned failover, in the plan's eight steps. Up to and including DNS everything is put back when a step fails or
 * somebody stops the run; from scaling on it only goes forward, and the way back is a failback.
 */
export const failoverWorkflow = defineWorkflow<FailoverWorld>()('failover', {
  input: MoveInput,
  exclusive: 'failover',
})
  .step('validate-target', validateTarget)
  .step('stop-writes', stopWrites)
  .step('promote', promote)
  .step('point-dns', pointDnsStep)
  .step('scale-services', scaleServices)
  .step('switch-configuration', switchConfiguration)
  .step('verify', verify)
  .step('tell-stakeholders', tellStakeholders)
  .build({
    forwardFrom: 'scale-services',
    holdPoints: {
      'validate-target': NOTHING_YET,
      'stop-writes': 'safe',
      promote: { not: 'writes are paused there' },
      'point-dns': 'safe',
      'scale-services': 'safe',
      'switch-configuration': 'safe',
      verify: 'safe',
      'tell-stakeholders': 'safe',
    },
  });
