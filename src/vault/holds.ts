import { z } from 'zod';
import { asDrError, BackupId, DrError } from '#core';
import type { ObjectStore, StoredVersion } from '#ports';
import { type BackupPlace, FORMAT } from './format.ts';
import { jsonIn } from './json-in.ts';
import { HOLDS, holdKey, placeOf } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** That a backup is kept whatever the plan says, until somebody lets go: `holds/<year>/<id>`. */
export const Hold = z.object({
  format: z.literal(FORMAT),
  year: z.number().int(),
  backup: BackupId,
  at: z.coerce.date(),
  /** As people are named in the record. */
  by: z.string(),
  reason: z.string(),
});
export type Hold = z.output<typeof Hold>;

const versionsIn = async (store: ObjectStore, prefix: string): Promise<StoredVersion[]> => {
  const found: StoredVersion[] = [];
  for await (const version of store.listVersions(prefix)) if (version.kind === 'object') found.push(version);
  return found;
};

/**
 * The holds there are. A hold counts if any region has any version of it: whoever may write into one bucket could
 * otherwise hide it with a delete marker. One that can't be read is a hold too. Throws OBJECT_STORE_* while a region is
 * silent: it may have one that no other has.
 */
export async function readHolds(vault: Vault): Promise<{ place: BackupPlace; reason: string; by: string }[]> {
  const holds = new Map<string, { place: BackupPlace; reason: string; by: string }>();
  for (const store of vault.stores) {
    for (const { key, versionId } of await versionsIn(store, HOLDS)) {
      const place = placeOf(key, HOLDS);
      if (!place || holds.get(key)?.by) continue;
      const object = await store.get(key, versionId).catch(unlessGone);
      if (!object) continue;
      const hold = Hold.safeParse(jsonIn(object));
      holds.set(key, hold.success ? { place, ...hold.data } : { place, reason: 'the hold can not be read', by: '' });
    }
  }
  return [...holds.values()];
}

/** Whether a region that answers has a hold on it. */
export async function heldSomewhere({ stores }: Vault, place: BackupPlace): Promise<boolean> {
  const found = await Promise.allSettled(stores.map((store) => versionsIn(store, holdKey(place))));
  return found.some(
    (each) => each.status === 'fulfilled' && each.value.some((version) => version.key === holdKey(place)),
  );
}

/** Writes a hold into every region and holds the hold itself. Idempotent. Throws while a region is silent. */
export async function writeHold(vault: Vault, hold: Hold): Promise<void> {
  const body = Buffer.from(JSON.stringify(hold), 'utf8');
  const key = holdKey(hold);
  for (const store of vault.stores) {
    const known = (await versionsIn(store, key)).find((version) => version.key === key);
    const versionId = known?.versionId ?? (await store.put(key, body, { lock: 'none', ifAbsent: false })).versionId;
    await store.setLegalHold(key, versionId, 'on');
  }
}

/** Takes a hold away in every region. Idempotent. Throws while a region is silent; then it still holds. */
export async function removeHold(vault: Vault, place: BackupPlace): Promise<void> {
  for (const store of vault.stores) {
    for (const { key, versionId } of await versionsIn(store, holdKey(place))) {
      if (key !== holdKey(place)) continue;
      await store.setLegalHold(key, versionId, 'off');
      const deletion = await store.deleteVersion(key, versionId);
      if (deletion.kind === 'deleted') continue;
      throw new DrError(
        'OBJECT_STORE_REFUSED',
        'permanent',
        `The hold on ${place.backup} is locked in ${store.region}.`,
      );
    }
  }
}

/** Let go between the list and the reading: then it holds no more. */
function unlessGone(thrown: unknown): undefined {
  if (asDrError(thrown).code !== 'NOT_FOUND') throw thrown;
  return undefined;
}
