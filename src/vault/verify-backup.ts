import { asDrError, type BackupId, type Region } from '#core';
import { type BackupCheck, type Damage, type HealedCopy, keepCheck } from './backup-check.ts';
import { noteBackup } from './catalog/note-backup.ts';
import { CollectionHash } from './collection-hash.ts';
import { type BackupPlace, FORMAT } from './format.ts';
import type { Manifest, SegmentRecord } from './manifest.ts';
import { type OpenBackup, openBackup } from './open-backup.ts';
import { tallyOf } from './tally.ts';
import { isUnavailable, type Vault } from './vault.ts';

/**
 * Reads every copy of every segment back, decrypts and decompresses it, hashes every document again, and keeps the
 * result beside the backup. Damage is a result, not an error. Throws what `openBackup` throws.
 */
export async function verifyBackup(
  vault: Vault,
  backup: BackupId | BackupPlace,
  signal: AbortSignal,
  /** What was healed before: only kept with the result. */
  healed: readonly HealedCopy[] = [],
): Promise<BackupCheck> {
  const damage: Damage[] = [];
  const open = await openBackup(vault, backup);
  try {
    const { header, body } = open.manifest;
    const unreachable = new Set<Region>();
    const good = new Set<string>();
    const archived = new Set<Region>();
    for (const region of vault.stores.map((store) => store.region)) {
      const found = await verifyRegion(open, region, { good, archived }, signal).catch(onlyUnavailable);
      if (found) damage.push(...found);
      else unreachable.add(region);
    }
    const check: BackupCheck = {
      format: FORMAT,
      year: header.year,
      backup: header.backup,
      at: vault.clock.now(),
      verdict: damage.length === 0 ? 'VERIFIED' : 'DAMAGED',
      regions: vault.stores.map((store) => store.region).filter((region) => !unreachable.has(region)),
      unreachable: [...unreachable],
      restorable: body.segments.every((segment) => good.has(segment.key)),
      damage,
      ...(archived.size > 0 ? { archived: [...archived] } : {}),
      healed: [...healed],
    };
    await keepCheck(vault, header, check);
    await noteBackup(vault, header);
    return check;
  } finally {
    open.close();
  }
}

async function verifyRegion(
  open: OpenBackup,
  region: Region,
  { good, archived }: { readonly good: Set<string>; readonly archived: Set<Region> },
  signal: AbortSignal,
): Promise<Damage[]> {
  const damage: Damage[] = [];
  const hashes = new Map<number, CollectionHash>();
  const prove = async (what: string, read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (thrown) {
      const error = asDrError(thrown);
      if (isUnavailable(error)) throw error;
      if (error.code === 'OBJECT_ARCHIVED') {
        // it is there, as far as anybody can say who does not have it fetched for money and hours
        archived.add(region);
        good.add(what);
        return;
      }
      damage.push({ region, segment: what, problem: error.message });
    }
  };
  if (open.manifest.header.regions.includes(region)) await prove('manifest', () => open.proveManifestIn(region));
  for (const segment of open.manifest.body.segments) {
    signal.throwIfAborted();
    // a region that was left out when the backup was made owes nothing
    if (!open.manifest.header.regions.includes(region) && !(region in segment.copies)) continue;
    await prove(segment.key, async () => {
      addDocuments(hashes, segment, await open.readSegmentIn(region, segment));
      good.add(segment.key);
    });
  }
  return damage.length > 0 || archived.has(region) ? damage : [...wrongCollections(open.manifest, region, hashes)];
}

function addDocuments(hashes: Map<number, CollectionHash>, segment: SegmentRecord, plain: Buffer): void {
  if (segment.kind !== 'documents') return;
  for (const { collection, words } of tallyOf(plain)) {
    const hash = hashes.get(collection) ?? new CollectionHash();
    hashes.set(collection, hash);
    hash.merge(words);
  }
}

/** Each segment may be whole and the set still wrong, if the manifest lists the wrong ones. */
function* wrongCollections(manifest: Manifest, region: Region, hashes: Map<number, CollectionHash>): Generator<Damage> {
  if (hashes.size === 0) return;
  const isWrong = ({ number, hash }: { number: number; hash: string }): boolean =>
    (hashes.get(number) ?? new CollectionHash()).digest() !== hash;
  for (const record of manifest.body.collections) {
    if (!isWrong(record) && !(record.gone && isWrong(record.gone))) continue;
    const segment = `${record.database}.${record.name}`;
    yield { region, segment, problem: 'Its documents do not sum up to the hash.' };
  }
}

function onlyUnavailable(thrown: unknown): undefined {
  const error = asDrError(thrown);
  if (!isUnavailable(error)) throw error;
  return undefined;
}
