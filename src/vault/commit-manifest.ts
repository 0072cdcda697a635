import { asDrError, type DrError } from '#core';
import type { ObjectLock } from '#ports';
import { noteBackup } from './catalog/note-backup.ts';
import type { DataKey } from './data-key.ts';
import { type BackupPlace, NONCE_BYTES } from './format.ts';
import type { Manifest } from './manifest.ts';
import { encodeManifest } from './manifest-file.ts';
import { manifestKey } from './object-keys.ts';
import type { Vault } from './vault.ts';

/**
 * Writes the manifest, which makes the backup exist: to the home region first, never over another, then to every
 * other region that has the segments. Throws TARGET_EXISTS (permanent) when the backup exists already.
 */
export async function commitManifest(vault: Vault, manifest: Manifest, key: DataKey, lock: ObjectLock): Promise<void> {
  const { year, backup, regions } = manifest.header;
  const object = encodeManifest(manifest, key.bytes, vault.random(NONCE_BYTES));
  const [home] = vault.stores;
  await home.put(manifestKey({ year, backup }), object, { lock, ifAbsent: true });
  await spreadManifest(vault, { year, backup }, object, regions, lock);
}

/** Gives the other regions the committed manifest, and notes it. Idempotent; a region that is out of reach is returned, not thrown. */
export async function spreadManifest(
  vault: Vault,
  place: BackupPlace,
  object: Buffer,
  regions: readonly string[],
  lock: ObjectLock,
): Promise<DrError[]> {
  const others = vault.stores.slice(1).filter((store) => regions.includes(store.region));
  const results = await Promise.allSettled(
    others.map(async (store) => {
      if (await store.head(manifestKey(place))) return;
      await store.put(manifestKey(place), object, { lock, ifAbsent: true });
    }),
  );
  await noteBackup(vault, place);
  return results
    .flatMap((result) => (result.status === 'rejected' ? [asDrError(result.reason)] : []))
    .filter((error) => error.code !== 'TARGET_EXISTS');
}
