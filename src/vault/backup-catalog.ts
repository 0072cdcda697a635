import { asDrError, type BackupId, DrError, type Region } from '#core';
import type { ObjectStore } from '#ports';
import { askEveryRegion, type Unreachable } from './ask-every-region.ts';
import { type BackupCheck, newestCheck } from './backup-check.ts';
import type { BackupPlace } from './format.ts';
import { inParallel } from './in-parallel.ts';
import type { ManifestHeader } from './manifest.ts';
import { decodeHeader } from './manifest-file.ts';
import { MANIFESTS, manifestKey, placeOf } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** A backup as a list shows it. The header is not authenticated here; opening the backup does that. */
export type BackupListing =
  | {
      readonly state: 'NOT YET VERIFIED' | 'VERIFIED' | 'DAMAGED';
      readonly header: ManifestHeader;
      /** The regions whose bucket has the manifest, of those that answered. */
      readonly regions: readonly Region[];
      readonly check: BackupCheck | undefined;
    }
  /** The manifest is there but can't be read in any region that answered. */
  | {
      readonly state: 'UNREADABLE';
      readonly place: BackupPlace;
      readonly regions: readonly Region[];
      readonly problem: DrError;
    };

export interface BackupList {
  readonly backups: readonly BackupListing[];
  /** Regions that did not answer: a backup may have more copies than are shown. */
  readonly unreachable: readonly Unreachable[];
}

/**
 * The backups there are, newest first, from the buckets alone. Any region that answers is enough. Throws
 * OBJECT_STORE_UNAVAILABLE (transient) or OBJECT_STORE_REFUSED (permanent) when none does.
 */
export async function listBackups(vault: Vault, options: { readonly limit: number }): Promise<BackupList> {
  const { found, unreachable } = await places(vault);
  const newest = [...found.values()].sort((a, b) => compare(b.place, a.place)).slice(0, options.limit);
  const backups = await inParallel(newest, 8, ({ place, stores }) => describe(place, stores));
  return { backups, unreachable };
}

/** Where a backup of this id is; of several years the newest. Throws BACKUP_UNKNOWN (user). */
export async function findBackup(vault: Vault, backup: BackupId): Promise<BackupPlace> {
  const { found, unreachable } = await places(vault);
  const matches = [...found.values()].filter(({ place }) => place.backup === backup);
  const newest = matches.sort((a, b) => compare(b.place, a.place))[0];
  if (newest) return newest.place;
  const [out] = unreachable;
  if (out)
    throw new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', `No backup ${backup} in the regions that answer.`, {
      cause: out.problem,
    });
  throw new DrError('BACKUP_UNKNOWN', 'user', `No backup "${backup}".`, { hint: 'List them: /dr backups' });
}

/** The manifest's header if the backup is committed; undefined if not. Throws what the home region throws. */
export async function committedHeader(
  vault: Vault,
  place: BackupPlace,
): Promise<{ header: ManifestHeader; object: Buffer } | undefined> {
  const [home] = vault.stores;
  if (!(await home.head(manifestKey(place)))) return undefined;
  const object = await home.get(manifestKey(place));
  return { header: decodeHeader(object), object };
}

/** A committed backup and the buckets that have its manifest. */
export interface Found {
  readonly place: BackupPlace;
  readonly stores: ObjectStore[];
}

/** Every committed backup of every region that answers, by its manifest's key. Throws only when no region answers. */
export async function places(
  vault: Vault,
): Promise<{ found: Map<string, Found>; unreachable: BackupList['unreachable'] }> {
  const { answers, unreachable } = await askEveryRegion(vault, keysIn);
  const found = new Map<string, Found>();
  for (const { store, answer } of answers) {
    for (const key of answer) {
      const place = placeOf(key);
      if (!place) continue;
      const entry = found.get(key) ?? { place, stores: [] };
      found.set(key, entry);
      entry.stores.push(store);
    }
  }
  return { found, unreachable };
}

async function keysIn(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of store.list(MANIFESTS)) keys.push(object.key);
  return keys;
}

const compare = (a: BackupPlace, b: BackupPlace): number =>
  a.year - b.year || (a.backup < b.backup ? -1 : a.backup > b.backup ? 1 : 0);

/** A manifest's header, not authenticated. Throws BACKUP_DAMAGED when it is another backup's, and what `get` throws. */
export async function headerIn(store: ObjectStore, place: BackupPlace): Promise<ManifestHeader> {
  const header = decodeHeader(await store.get(manifestKey(place)));
  if (header.year === place.year && header.backup === place.backup) return header;
  throw new DrError('BACKUP_DAMAGED', 'permanent', `The manifest is another backup's (${header.backup}).`);
}

async function describe(place: BackupPlace, stores: readonly ObjectStore[]): Promise<BackupListing> {
  const regions = stores.map((store) => store.region);
  let problem = new DrError('BACKUP_DAMAGED', 'permanent', 'The manifest can not be read.');
  for (const store of stores) {
    try {
      const header = await headerIn(store, place);
      const check = await newestCheck(stores, place);
      return { state: check ? check.verdict : 'NOT YET VERIFIED', header, regions, check };
    } catch (error) {
      problem = asDrError(error);
    }
  }
  return { state: 'UNREADABLE', place, regions, problem };
}
