import { asDrError, type DrError } from '#core';
import { BackupCheck, type BackupPlace, inParallel, isUnavailable, jsonIn, ownerOf, type PruneMarks } from '#vault';
import { type Inventory, type KnownBackup, placeName, type StoredKey, type UnknownBackup } from './inventory.ts';
import type { RetentionWorld } from './retention-world.ts';
import { type VersionThere, versionsUnder } from './stored-version.ts';
import { attemptName } from './units.ts';

/** Manifests opened at once; each costs a call to a key service. */
const AT_ONCE = 8;

/** The vault as it is: what the planner sees, and the versions that would be deleted. */
export interface VaultContents {
  readonly inventory: Inventory;
  readonly versions: ReadonlyMap<string, readonly VersionThere[]>;
}

/**
 * Lists every bucket and opens every manifest, so that what is decided rests on what is authentic. Throws OBJECT_STORE_*
 * and KEY_REFUSED while a region is silent: what is there is not known then, and what is not known is not deleted.
 */
export async function readVault(
  { vault, openManifest }: Pick<RetentionWorld, 'vault' | 'openManifest'>,
  marks: PruneMarks,
  signal: AbortSignal,
): Promise<VaultContents> {
  const versions = await versionsUnder(vault.stores, '', signal);
  const places = [...versions].flatMap(([key, there]) => {
    const owner = ownerOf(key);
    return owner.kind === 'manifest' && there.some(({ kind }) => kind === 'object')
      ? [{ place: owner.place, there }]
      : [];
  });
  const results = newestChecks(versions);
  const read = await inParallel(places, AT_ONCE, async ({ place, there }) => {
    signal.throwIfAborted();
    return readBackup(openManifest, place, there, versions, results.get(placeName(place)));
  });
  const known = read.flatMap((each) => (each.kind === 'known' ? [each] : []));
  const isLeaving = ({ backup, complete }: (typeof known)[number]): boolean =>
    !complete && marks.marks[attemptName(backup)]?.going === true;
  return {
    versions,
    inventory: {
      keys: new Map([...versions].map(([key, there]) => [key, storedKey(key, there)])),
      backups: known.filter((each) => !isLeaving(each)).map(({ backup }) => backup),
      leaving: known.filter(isLeaving).map(({ backup }) => backup),
      unknown: read.flatMap((each) => (each.kind === 'unknown' ? [each.backup] : [])),
    },
  };
}

const storedKey = (key: string, there: readonly VersionThere[]): StoredKey => ({
  key,
  objects: there.filter(({ kind }) => kind === 'object').length,
  bytes: there.reduce((sum, { size }) => sum + size, 0),
  writtenAt: new Date(Math.max(...there.map(({ writtenAt }) => writtenAt.getTime()))),
});

type Read =
  /** `complete`: every region that has the backup has its manifest. */
  | { readonly kind: 'known'; readonly backup: KnownBackup; readonly complete: boolean }
  | { readonly kind: 'unknown'; readonly backup: UnknownBackup };

async function readBackup(
  openManifest: RetentionWorld['openManifest'],
  place: BackupPlace,
  manifests: readonly VersionThere[],
  versions: VaultContents['versions'],
  check: VersionThere | undefined,
): Promise<Read> {
  const visible = new Set(
    manifests.filter(({ kind, current }) => kind === 'object' && current).map(({ store }) => store.region),
  );
  if (visible.size === 0)
    return { kind: 'unknown', backup: { place, why: 'a delete marker hides it in every region' } };
  try {
    const { regions, ...facts } = await openManifest(place);
    const missing = facts.segments.find((key) => !versions.get(key)?.some(({ kind }) => kind === 'object'));
    const doubt = missing ? `${missing} is missing in every region` : await doubtIn(check);
    return {
      kind: 'known',
      complete: regions.every((region) => visible.has(region)),
      backup: { place, ...facts, doubt },
    };
  } catch (thrown) {
    const error = asDrError(thrown);
    if (isUnavailable(error) || error.kind === 'bug') throw error;
    return { kind: 'unknown', backup: { place, why: whyUnread(error) } };
  }
}

const whyUnread = ({ code, message }: DrError): string =>
  code === 'BACKUP_DAMAGED' ? 'it is damaged in every region' : message;

/** The newest result of each backup, by key: their names end with their time. */
function newestChecks(versions: VaultContents['versions']): Map<string, VersionThere> {
  const newest = new Map<string, VersionThere>();
  for (const [key, there] of versions) {
    const owner = ownerOf(key);
    const current = there.find((version) => version.kind === 'object' && version.current);
    if (owner.kind !== 'check' || !current) continue;
    const before = newest.get(placeName(owner.place));
    if (!before || before.key < key) newest.set(placeName(owner.place), current);
  }
  return newest;
}

/** Results are not authentic: they may cast doubt on a backup, and doubt only makes more stay. */
async function doubtIn(version: VersionThere | undefined): Promise<string | undefined> {
  if (!version) return undefined;
  const check = BackupCheck.safeParse(jsonIn(await version.store.get(version.key, version.versionId)));
  return check.success && !check.data.restorable ? 'its last verification found it not restorable' : undefined;
}
