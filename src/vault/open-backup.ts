import { asDrError, type BackupId, DrError, hashOf, type Region, sha256 } from '#core';
import type { ObjectStore } from '#ports';
import { findBackup } from './backup-catalog.ts';
import type { Damage } from './backup-check.ts';
import { type DataKey, openDataKey } from './data-key.ts';
import { type BackupPlace, segmentContext } from './format.ts';
import type { Manifest, SegmentRecord } from './manifest.ts';
import { decodeHeader, decodeManifest } from './manifest-file.ts';
import { manifestKey } from './object-keys.ts';
import { openSegment } from './seal.ts';
import { isUnavailable, type Vault } from './vault.ts';

/** A backup whose manifest is proved and whose key is at hand. */
export interface OpenBackup {
  readonly manifest: Manifest;
  /**
   * A segment's content, proved against the manifest. Tries one region after the other; what was wrong with a copy
   * goes to `onDamage`. Throws BACKUP_DAMAGED (permanent) when no region has a good one, OBJECT_STORE_UNAVAILABLE
   * (transient) when one that does not answer may.
   */
  readSegment(segment: SegmentRecord): Promise<Buffer>;
  /** The same, of one region only. */
  readSegmentIn(region: Region, segment: SegmentRecord): Promise<Buffer>;
  /** Proves one region's copy of the manifest; throws BACKUP_DAMAGED or NOT_FOUND (permanent), or a transient error. */
  proveManifestIn(region: Region): Promise<void>;
  /** Forgets the key. */
  close(): void;
}

/**
 * Opens a backup for reading. Throws BACKUP_UNKNOWN (user), BACKUP_DAMAGED (permanent) when no region's manifest is
 * whole, FORMAT_TOO_NEW (permanent), KEY_REFUSED (permanent), or a transient error while a region that may help is
 * out of reach.
 */
export async function openBackup(
  vault: Vault,
  backup: BackupId,
  onDamage: (damage: Damage) => void = () => undefined,
): Promise<OpenBackup> {
  const place = await findBackup(vault, backup);
  const { manifest, key } = await firstGood(
    vault.stores,
    (store) => readManifest(vault, store, place),
    (region, error) => onDamage({ region, segment: 'manifest', problem: error.message }),
  );
  const readFrom = (store: ObjectStore, segment: SegmentRecord) => readSegmentFrom(store, place, key, segment);
  const storeIn = (region: Region): ObjectStore => {
    const store = vault.stores.find((candidate) => candidate.region === region);
    if (!store) throw new DrError('REGION_UNKNOWN', 'user', `The vault has no bucket in ${region}.`);
    return store;
  };
  return {
    manifest,
    readSegment: (segment) =>
      firstGood(
        vault.stores,
        (store) => readFrom(store, segment),
        (region, error) => onDamage({ region, segment: segment.key, problem: error.message }),
      ),
    readSegmentIn: async (region, segment) => readFrom(storeIn(region), segment),
    async proveManifestIn(region) {
      const copy = decodeManifest(await storeIn(region).get(manifestKey(place)), key.bytes);
      if (hashOf(copy) !== hashOf(manifest)) throw damaged('is not the same manifest as elsewhere');
    },
    close: () => key.forget(),
  };
}

async function readManifest(
  vault: Vault,
  store: ObjectStore,
  place: BackupPlace,
): Promise<{ manifest: Manifest; key: DataKey }> {
  const object = await store.get(manifestKey(place));
  const header = decodeHeader(object);
  const key = await openDataKey(vault, header.key);
  try {
    const manifest = decodeManifest(object, key.bytes);
    if (header.year !== place.year || header.backup !== place.backup) throw damaged("is another backup's");
    return { manifest, key };
  } catch (error) {
    key.forget();
    throw error;
  }
}

async function readSegmentFrom(
  store: ObjectStore,
  place: BackupPlace,
  key: DataKey,
  segment: SegmentRecord,
): Promise<Buffer> {
  // a copy made later, by a repair, is not in the manifest: then the current version, proved like any other
  const object = await store.get(segment.key, segment.copies[store.region]);
  if (sha256(object) !== segment.sha256) throw damaged('has other bytes than the manifest says');
  const plain = openSegment(object, key.bytes, segmentContext(place, segment.kind, segment.index), segment.plainBytes);
  if (plain.length !== segment.plainBytes) throw damaged('has another length than the manifest says');
  return plain;
}

const damaged = (how: string): DrError => new DrError('BACKUP_DAMAGED', 'permanent', `The object ${how}.`);

/** The first region's answer that is good. A missing or damaged copy is reported; a silent region only remembered. */
async function firstGood<T>(
  stores: readonly ObjectStore[],
  read: (store: ObjectStore) => Promise<T>,
  report: (region: Region, error: DrError) => void,
): Promise<T> {
  const failures: DrError[] = [];
  for (const store of stores) {
    try {
      return await read(store);
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.code === 'BACKUP_DAMAGED' || error.code === 'NOT_FOUND') report(store.region, error);
      failures.push(error);
    }
  }
  const telling =
    failures.find(isUnavailable) ?? failures.find((failure) => failure.code !== 'NOT_FOUND') ?? failures[0];
  if (telling && telling.code !== 'NOT_FOUND' && telling.code !== 'BACKUP_DAMAGED') throw telling;
  throw new DrError('BACKUP_DAMAGED', 'permanent', 'The backup is damaged in every region that has it.', {
    cause: telling,
    hint: 'Choose another backup: /dr backups',
    data: { problems: failures.map(({ message }) => message) },
  });
}
