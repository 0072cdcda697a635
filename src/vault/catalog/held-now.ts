import { asDrError } from '#core';
import type { ObjectStore } from '#ports';
import type { BackupPlace } from '../format.ts';
import { HOLDS, holdKey, placeOf } from '../object-keys.ts';
import type { Vault } from '../vault.ts';
import { idOf } from './record.ts';

export interface HeldNow {
  readonly ids: ReadonlySet<string>;
  /** Whether a region did not answer: it may hold more. */
  readonly isPartial: boolean;
}

/**
 * The backups that a region that answers has a hold on, all or one, for showing. Whoever may not list versions sees
 * holds that nobody hid. Never throws; what deletes asks `readHolds`.
 */
export async function heldNow({ stores }: Vault, place?: BackupPlace): Promise<HeldNow> {
  const prefix = place ? holdKey(place) : HOLDS;
  const asked = await Promise.allSettled(stores.map((store) => holdsIn(store, prefix)));
  const keys = asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  const places = keys.flatMap((key) => placeOf(key, HOLDS) ?? []);
  return { ids: new Set(places.map(idOf)), isPartial: asked.some(({ status }) => status === 'rejected') };
}

async function holdsIn(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  try {
    for await (const { key, kind } of store.listVersions(prefix)) if (kind === 'object') keys.push(key);
  } catch (thrown) {
    if (asDrError(thrown).code !== 'OBJECT_STORE_REFUSED') throw thrown;
    for await (const { key } of store.list(prefix)) keys.push(key);
  }
  return keys;
}
