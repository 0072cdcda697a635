import { memoryKeyService, memoryObjectStore } from '#adapters/memory';
import { BackupId, Region, Sha256, systemClock, systemRandom } from '#core';
import { openVault } from '#vault';

/** A vault of three regions in memory, with the hands to damage it. */
export function memoryVault() {
  const regions = ['us-east-1', 'us-west-2', 'eu-west-1'].map((name) => Region.parse(name));
  const stores = regions.map((region) => memoryObjectStore(region));
  const keys = regions.map((region) => memoryKeyService(region));
  const vault = openVault({ stores, keys, clock: systemClock, random: systemRandom });
  return { vault, stores, keys, regions };
}

/** An id of today: `B-1124-0100`, the next call's `B-1124-0101`. */
let counter = 60;
export function nextBackupId(): BackupId {
  counter += 1;
  const day = new Date().toISOString().slice(5, 10).replace('-', '');
  const minute = `${String(Math.floor(counter / 60)).padStart(2, '0')}${String(counter % 60).padStart(2, '0')}`;
  return BackupId.parse(`B-${day}-${minute}`);
}

export const PLAN_HASH = Sha256.parse('0'.repeat(64));
