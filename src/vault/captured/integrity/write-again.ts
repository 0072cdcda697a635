import { asDrError, sha256 } from '#core';
import type { ObjectLock, ObjectStore } from '#ports';
import type { Vault } from '../../vault.ts';
import type { HourObject } from './hour-objects.ts';
import type { PatientRegions } from './patient-regions.ts';

/**
 * Makes `object` the current version of its key in a region, and reads it back. Whatever lay there stays an older version.
 * It gets the longest lock that any version of it has in the regions that answer. Returns why it did not work; undefined
 * when it did. Idempotent. Throws only when it is stopped.
 */
export async function writeAgain(
  regions: PatientRegions,
  store: ObjectStore,
  there: HourObject,
  object: Buffer,
): Promise<string | undefined> {
  const { key } = there;
  try {
    const lock = await lockOf(regions, there);
    const hash = sha256(object);
    await regions.patiently(() => store.put(key, object, { lock, ifAbsent: false, sha256: hash }));
    const back = await regions.read(store, (asked) => asked.get(key));
    return sha256(back) === hash ? undefined : `${store.region} gave back other bytes than were written.`;
  } catch (thrown) {
    regions.signal.throwIfAborted();
    return asDrError(thrown).message;
  }
}

/** The longest lock that any version of it has, in the regions that answer; `none` when it ran out. */
export async function lockOf(regions: PatientRegions, { key, versions }: HourObject): Promise<ObjectLock | 'none'> {
  const locks: ObjectLock[] = [];
  for (const store of regions.stores()) {
    for (const { versionId, current } of versions.get(store.region) ?? []) {
      const head = await regions
        .read(store, (asked) => asked.head(key, current ? undefined : versionId))
        .catch(() => undefined);
      if (head && head.lock !== 'none') locks.push(head.lock);
    }
  }
  return longestOf(locks, regions.vault);
}

/** The longest that still holds, strict if any is; a bucket would refuse one that ran out. */
function longestOf(locks: readonly ObjectLock[], { clock }: Pick<Vault, 'clock'>): ObjectLock | 'none' {
  const holding = locks.filter(({ until }) => until > clock.now());
  const longest = holding.reduce<ObjectLock | undefined>((a, b) => (a && a.until >= b.until ? a : b), undefined);
  if (!longest) return 'none';
  const strict = holding.some(({ mode }) => mode === 'compliance');
  return { mode: strict ? 'compliance' : 'governance', until: longest.until };
}
