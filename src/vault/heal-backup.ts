import { asDrError, type BackupId, type Region } from '#core';
import type { ObjectLock } from '#ports';
import type { Damage, HealedCopy } from './backup-check.ts';
import type { BackupPlace } from './format.ts';
import type { ManifestHeader, SegmentRecord } from './manifest.ts';
import { manifestKey } from './object-keys.ts';
import { type OpenBackup, openBackup } from './open-backup.ts';
import { isUnavailable, type Vault } from './vault.ts';

/**
 * Writes damaged copies again, each from a region whose copy is proved whole, under the backup's own lock. A damaged
 * object is never removed: it stays an older version. Returns what was written; what no region has whole, or whose
 * bucket refuses, stays damaged. Whether it helped is for the next reading to say. Idempotent: healing what is whole
 * only adds a version. Throws what `openBackup` throws, and transient errors.
 */
export async function healBackup(
  vault: Vault,
  backup: BackupId | BackupPlace,
  damage: readonly Damage[],
  signal: AbortSignal,
): Promise<HealedCopy[]> {
  const healed: HealedCopy[] = [];
  const open = await openBackup(vault, backup);
  try {
    for (const each of damage) {
      signal.throwIfAborted();
      const good = await wholeCopy(vault, open, each);
      if (!good) continue;
      const written = await write(vault, open.manifest.header, each, good.object);
      if (written) healed.push({ ...each, from: good.from });
    }
    return healed;
  } finally {
    open.close();
  }
}

interface WholeCopy {
  readonly from: Region;
  readonly object: Buffer;
}

/** What should be there, out of the first other region that has it whole. */
async function wholeCopy(vault: Vault, open: OpenBackup, damage: Damage): Promise<WholeCopy | undefined> {
  const read = readerOf(open, damage.segment);
  if (!read) return undefined;
  let silent: unknown;
  for (const { region } of vault.stores.filter((store) => store.region !== damage.region)) {
    try {
      return { from: region, object: await read(region) };
    } catch (thrown) {
      if (isUnavailable(asDrError(thrown))) silent = thrown;
    }
  }
  if (silent !== undefined) throw silent;
  return undefined;
}

/** How the damaged thing is read elsewhere; undefined for what is no object, such as a sum that does not come out. */
function readerOf(open: OpenBackup, name: string): ((region: Region) => Promise<Buffer>) | undefined {
  if (name === 'manifest') return (region) => open.manifestObjectIn(region);
  const segment = segmentOf(open, name);
  return segment && ((region) => open.objectIn(region, segment));
}

const segmentOf = (open: OpenBackup, name: string): SegmentRecord | undefined =>
  open.manifest.body.segments.find(({ key }) => key === name);

/** False when the bucket does not take it: another region still has it, so that is no reason to end everything. */
async function write(vault: Vault, header: ManifestHeader, damage: Damage, object: Buffer): Promise<boolean> {
  const store = vault.stores.find(({ region }) => region === damage.region);
  const key = damage.segment === 'manifest' ? manifestKey(header) : damage.segment;
  try {
    await store?.put(key, object, { lock: lockOf(header, vault.clock.now()), ifAbsent: false });
    return store !== undefined;
  } catch (thrown) {
    const error = asDrError(thrown);
    if (isUnavailable(error)) throw error;
    return false;
  }
}

/** A lock that ran out would be refused: then the copy needs none. */
function lockOf({ lock }: ManifestHeader, now: Date): ObjectLock | 'none' {
  const until = new Date(lock.until);
  return until > now ? { mode: lock.mode, until } : 'none';
}
