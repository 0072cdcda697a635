import { defineWorkflow } from '#workflow';
import { ColdInput } from './cold/facts.ts';
import { choosePoint } from './cold/steps/choose-point.ts';
import { configureCold } from './cold/steps/configure-cold.ts';
import { countColdLoss } from './cold/steps/count-cold-loss.ts';
import { divertToCold } from './cold/steps/divert-to-cold.ts';
import { fenceAll } from './cold/steps/fence-all.ts';
import { foundDatabase } from './cold/steps/found-database.ts';
import { loadData } from './cold/steps/load-data.ts';
import { nameData } from './cold/steps/name-data.ts';
import { openColdWrites } from './cold/steps/open-cold-writes.ts';
import { proveData } from './cold/steps/prove-data.ts';
import { raiseColdServices } from './cold/steps/raise-cold-services.ts';
import { tellCold } from './cold/steps/tell-cold.ts';
import type { ColdWorld } from './cold/world.ts';

/**
 * The service in a cold region, from the vault alone, when every other region is lost. Until writes are opened all of it is put
 * back when a step fails or somebody stops the run: the machine is emptied, and the leases are as they were.
 */
export const coldWorkflow = defineWorkflow<ColdWorld>()('cold-failover', { input: ColdInput, exclusive: 'failover' })
  .step('fence-all', fenceAll)
  .step('found-database', foundDatabase)
  .step('choose-point', choosePoint)
  .step('load-data', loadData)
  .step('prove-data', proveData)
  .step('name-data', nameData)
  .step('open-writes', openColdWrites)
  .step('scale-services', raiseColdServices)
  .step('divert-dns', divertToCold)
  .step('switch-configuration', configureCold)
  .step('count-loss', countColdLoss)
  .step('tell-stakeholders', tellCold)
  .build({ forwardFrom: 'open-writes' });
