import { asDrError, type BackupId, DrError, type Region } from '#core';
import type { ObjectStore, StoredObject } from '#ports';
import { askEveryRegion } from './ask-every-region.ts';
import { newestCheck } from './backup-check.ts';
import type { BackupList, BackupListing } from './backup-listing.ts';
import { isMarkedAs, listingOf } from './catalog/entry.ts';
import { newestChecks } from './catalog/newest-checks.ts';
import { idOf } from './catalog/record.ts';
import { remembered } from './catalog/remembered.ts';
import type { BackupPlace } from './format.ts';
import { inParallel } from './in-parallel.ts';
import type { ManifestHeader } from './manifest.ts';
import { decodeHeader } from './manifest-file.ts';
import { MANIFESTS, manifestKey, placeOf } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** Of so many the checks are asked for one by one: all of them may be thousands. */
const FEW = 5;

/**
 * The backups there are now, newest first: the buckets say which, and what is not known of them from before. Any region
 * that answers is enough. A header is not read again while the marks of its copies are those under which it was opened,
 * a check not while it is the newest. Throws OBJECT_STORE_UNAVAILABLE (transient) or OBJECT_STORE_REFUSED (permanent)
 * when no region answers.
 */
export async function listBackups(vault: Vault, { limit }: { readonly limit: number }): Promise<BackupList> {
  const [{ found, unreachable }, known] = await Promise.all([places(vault), remembered(vault, limit)]);
  const newest = [...found.values()].sort((a, b) => compare(b.place, a.place)).slice(0, limit);
  const entries = new Map(known?.entries.map((entry) => [idOf(entry), entry]));
  const few = newest.length <= FEW ? newest.map(({ place }) => place) : undefined;
  const checks = entries.size > 0 ? await newestChecks(vault, few) : undefined;
  const backups = await inParallel(newest, 8, async (one) => {
    const entry = entries.get(idOf(one.place));
    if (!entry || !checks || entry.manifest.state !== 'proved' || !isMarkedAs(entry, one)) return describe(one);
    const regions = one.stores.map(({ region }) => region);
    if (checks.keys.get(idOf(one.place)) === (entry.check.key ?? undefined)) return listingOf(entry, { regions });
    return listingOf(entry, { regions, said: await newestCheck(one.stores, one.place) });
  });
  return { backups, unreachable };
}

/** The same, with every header and check read now: for whoever found that what is remembered is not true. */
export const readBackups = (
  { catalog: _, ...vault }: Vault,
  options: { readonly limit: number },
): Promise<BackupList> => listBackups(vault, options);

/** One backup as the buckets have it now, nothing of it remembered. Throws BACKUP_UNKNOWN (user), and as `listBackups`. */
export async function readListing(vault: Vault, place: BackupPlace): Promise<BackupListing> {
  const { found } = await places(vault, place);
  const [one] = found.values();
  if (one) return describe(one);
  throw new DrError('BACKUP_UNKNOWN', 'user', `No backup "${place.backup}".`, { hint: 'List them: /dr backups' });
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
  /** By region, the mark (ETag) of its copy. */
  readonly marks: Record<Region, string>;
}

/** Every committed backup of every region that answers, or one, by its manifest's key. Throws only when no region answers. */
export async function places(
  vault: Vault,
  only?: BackupPlace,
): Promise<{ found: Map<string, Found>; unreachable: BackupList['unreachable'] }> {
  const prefix = only ? manifestKey(only) : MANIFESTS;
  const { answers, unreachable } = await askEveryRegion(vault, (store) => manifestsIn(store, prefix));
  const found = new Map<string, Found>();
  for (const { store, answer } of answers) {
    for (const { key, etag } of answer) {
      const place = placeOf(key);
      if (!place || (only && key !== prefix)) continue;
      const entry = found.get(key) ?? { place, stores: [], marks: {} };
      found.set(key, entry);
      entry.stores.push(store);
      entry.marks[store.region] = etag;
    }
  }
  return { found, unreachable };
}

async function manifestsIn(store: ObjectStore, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

const compare = (a: BackupPlace, b: BackupPlace): number =>
  a.year - b.year || (a.backup < b.backup ? -1 : a.backup > b.backup ? 1 : 0);

/** A manifest's header, not authenticated. Throws BACKUP_DAMAGED when it is another backup's, and what `get` throws. */
export async function headerIn(store: ObjectStore, place: BackupPlace): Promise<ManifestHeader> {
  const header = decodeHeader(await store.get(manifestKey(place)));
  if (header.year === place.year && header.backup === place.backup) return header;
  throw new DrError('BACKUP_DAMAGED', 'permanent', `The manifest is another backup's (${header.backup}).`);
}

async function describe({ place, stores }: Found): Promise<BackupListing> {
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
