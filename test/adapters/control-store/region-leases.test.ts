import { openControlStore } from '#adapters/control-store';
import { regionLeasesContract } from '../../contract/region-leases.contract.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';

regionLeasesContract(async () => {
  const { regionLeases, close } = openControlStore({ uri: await sharedMongoUri(), database: ownName('leases') });
  return { leases: regionLeases, close };
});
