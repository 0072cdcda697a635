import { defineWorkflow } from '#workflow';
import { NOTHING_YET } from './hold-points.ts';
import { RebuildInput } from './rebuild/facts.ts';
import { catchUp } from './rebuild/steps/catch-up.ts';
import { hold } from './rebuild/steps/hold.ts';
import { prove } from './rebuild/steps/prove.ts';
import { readDivergent } from './rebuild/steps/read-divergent.ts';
import { rejoin } from './rebuild/steps/rejoin.ts';
import type { RebuildWorld } from './rebuild/world.ts';

/**
 * Makes followers again of the members of a region that was given up: held, read alone, started one by one without a vote,
 * proved equal. They get their votes back in a failback, after its traffic has come back: here is no step that gives one.
 * Can be stopped at any step, so that another disaster never waits for it.
 */
export const rebuildWorkflow = defineWorkflow<RebuildWorld>()('rebuild', { input: RebuildInput, exclusive: 'failover' })
  .step('hold', hold)
  .step('read-divergent', readDivergent)
  .step('rejoin', rejoin)
  .step('catch-up', catchUp)
  .step('prove', prove)
  .build({
    holdPoints: { hold: NOTHING_YET, 'read-divergent': 'safe', rejoin: 'safe', 'catch-up': 'safe', prove: 'safe' },
  });
