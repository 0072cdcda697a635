import { defineWorkflow } from '#workflow';
import { NO_WRITES, NOTHING_YET } from './hold-points.ts';
import type { LostRegionWorld } from './lost-region-world.ts';
import { switchConfiguration } from './steps/switch-configuration.ts';
import { countLoss } from './steps/unplanned/count-loss.ts';
import { divertDns } from './steps/unplanned/divert-dns.ts';
import { fence } from './steps/unplanned/fence.ts';
import { openWrites } from './steps/unplanned/open-writes.ts';
import { promoteSurvivor } from './steps/unplanned/promote.ts';
import { raiseServices } from './steps/unplanned/raise-services.ts';
import { recoverTail } from './steps/unplanned/recover-tail.ts';
import { tellLoss } from './steps/unplanned/tell-loss.ts';
import { UnplannedInput } from './unplanned-facts.ts';

/**
 * Away from a region that is lost. Nothing in it waits for anything of that region. Until the configuration is forced the old
 * side's right to write is given back when a step fails or somebody stops the run; from then on it only goes forward.
 */
export const unplannedWorkflow = defineWorkflow<LostRegionWorld>()('unplanned-failover', {
  input: UnplannedInput,
  exclusive: 'failover',
})
  .step('fence', fence)
  .step('promote', promoteSurvivor)
  .step('recover-tail', recoverTail)
  .step('open-writes', openWrites)
  .step('divert-dns', divertDns)
  .step('scale-services', raiseServices)
  .step('switch-configuration', switchConfiguration)
  .step('count-loss', countLoss)
  .step('tell-stakeholders', tellLoss)
  .build({
    forwardFrom: 'recover-tail',
    holdPoints: {
      fence: NOTHING_YET,
      promote: NO_WRITES,
      'recover-tail': NO_WRITES,
      'open-writes': NO_WRITES,
      'divert-dns': 'safe',
      'scale-services': 'safe',
      'switch-configuration': 'safe',
      'count-loss': 'safe',
      'tell-stakeholders': 'safe',
    },
  });
