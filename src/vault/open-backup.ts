import { asDrError, type BackupId, DrError, hashOf, type Region, sha256 } from '#core';
import type { ObjectStore } from '#ports';
import { findBackup } from './backup-catalog.ts';
import type { Damage } from './backup-check.ts';
import { type DataKey, openWithDataKey } from './data-key.ts';
import { firstGood, isDamage } from './first-good.ts';
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
  /** A segment's object as it is stored, proved like its content; of one region only. */
  objectIn(region: Region, segment: SegmentRecord): Promise<Buffer>;
  /** The manifest's object as it is stored, proved; of one region only. Throws as `proveManifestIn` does. */
  manifestObjectIn(region: Region): Promise<Buffer>;
  /** Proves one region's copy of the manifest; throws BACKUP_DAMAGED or NOT_FOUND (permanent), or a transient error. */
  proveManifestIn(region: Region): Promise<void>;
  /** Forgets the key. */
  close(): void;
}

/**
 * Opens a backup for reading; by its id alone it is the newest year's. Throws BACKUP_UNKNOWN (user), BACKUP_DAMAGED (permanent) when no region's manifest is
 * whole, FORMAT_TOO_NEW (permanent), KEY_REFUSED (permanent), or a transient error while a region that may help is
 * out of reach.
 */
export async function openBackup(
  vault: Vault,
  backup: BackupId | BackupPlace,
  onDamage: (damage: Damage) => void = () => undefined,
): Promise<OpenBackup> {
  const place = typeof backup === 'string' ? await findBackup(vault, backup) : backup;
  const { manifest, key } = await openManifest(vault, place, onDamage);
  const readFrom = async (store: ObjectStore, segment: SegmentRecord): Promise<Buffer> =>
    (await readSegmentFrom(store, place, key, segment)).plain;
  const storeIn = (region: Region): ObjectStore => {
    const store = vault.stores.find((candidate) => candidate.region === region);
    if (!store) throw new DrError('REGION_UNKNOWN', 'user', `The vault has no bucket in ${region}.`);
    return store;
  };
  const manifestObjectIn = async (region: Region): Promise<Buffer> => {
    const object = await storeIn(region).get(manifestKey(place));
    if (hashOf(decodeManifest(object, key.bytes)) === hashOf(manifest)) return object;
    throw damaged('is not the same manifest as elsewhere');
  };
  return {
    manifest,
    readSegment: (segment) =>
      firstGood(
        vault.stores,
        (store) => readFrom(store, segment),
        (region, error) => onDamage({ region, segment: segment.key, problem: error.message }),
        NOWHERE,
      ),
    readSegmentIn: async (region, segment) => readFrom(storeIn(region), segment),
    objectIn: async (region, segment) => (await readSegmentFrom(storeIn(region), place, key, segment)).object,
    manifestObjectIn,
    proveManifestIn: async (region) => {
      await manifestObjectIn(region);
    },
    close: () => key.forget(),
  };
}

/** A manifest and its data key, each proved by the other; `object` is the manifest as it is stored. */
export interface OpenManifest {
  readonly manifest: Manifest;
  readonly key: DataKey;
  readonly object: Buffer;
}

/** A backup's manifest out of the first region that has it whole. Whoever asks forgets the key. Throws as `openBackup`. */
export const openManifest = (
  vault: Vault,
  place: BackupPlace,
  onDamage: (damage: Damage) => void = () => undefined,
): Promise<OpenManifest> =>
  firstGood(
    vault.stores,
    (store) => readManifest(vault, store, place),
    (region, error) => onDamage({ region, segment: 'manifest', problem: error.message }),
    NOWHERE,
  );

async function readManifest(vault: Vault, store: ObjectStore, place: BackupPlace): Promise<OpenManifest> {
  const object = await store.get(manifestKey(place));
  const header = decodeHeader(object);
  if (header.year !== place.year || header.backup !== place.backup) throw damaged("is another backup's");
  return openWithDataKey(vault, header.key, (key) => ({ manifest: decodeManifest(object, key.bytes), key, object }));
}

interface ProvedSegment {
  readonly object: Buffer;
  readonly plain: Buffer;
}

/**
 * The version that the manifest names; when that is damaged or gone, the current one, proved like any other: a
 * manifest never changes, so it can't name a copy that was healed later.
 */
async function readSegmentFrom(
  store: ObjectStore,
  place: BackupPlace,
  key: DataKey,
  segment: SegmentRecord,
): Promise<ProvedSegment> {
  const named = segment.copies[store.region];
  try {
    return await readVersion(store, place, key, segment, named);
  } catch (thrown) {
    const error = asDrError(thrown);
    if (named === undefined || !isDamage(error)) throw error;
    return await readVersion(store, place, key, segment, undefined).catch((current: unknown) => {
      throw isUnavailable(asDrError(current)) ? current : error;
    });
  }
}

async function readVersion(
  store: ObjectStore,
  place: BackupPlace,
  key: DataKey,
  segment: SegmentRecord,
  version: string | undefined,
): Promise<ProvedSegment> {
  const object = await store.get(segment.key, version);
  if (sha256(object) !== segment.sha256) throw damaged('has other bytes than the manifest says');
  const plain = openSegment(object, key.bytes, segmentContext(place, segment.kind, segment.index), segment.plainBytes);
  if (plain.length !== segment.plainBytes) throw damaged('has another length than the manifest says');
  return { object, plain };
}

const damaged = (how: string): DrError => new DrError('BACKUP_DAMAGED', 'permanent', `The object ${how}.`);

const NOWHERE = {
  message: 'The backup is damaged in every region that has it.',
  hint: 'Choose another backup: /dr backups',
};
