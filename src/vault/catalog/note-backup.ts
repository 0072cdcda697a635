import { DrError, within } from '#core';
import { insertNew, type Stored } from '#ports';
import { places } from '../backup-catalog.ts';
import type { BackupPlace } from '../format.ts';
import type { Vault } from '../vault.ts';
import { entryIn, recordOf } from './entry.ts';
import { heldNow } from './held-now.ts';
import { lookAtBackup } from './look-at-backup.ts';
import { newestChecks } from './newest-checks.ts';
import { type BackupCatalog, type CatalogRecord, idOf } from './record.ts';

/** Others note the same backup now and then, never for long. */
const TRIES = 5;
/** A region that hangs is no reason to keep whoever made the backup waiting. */
const PATIENCE_MS = 10_000;

/**
 * Writes down what the buckets have of a backup now, after something was done to it: committed, read back, healed, held,
 * let go or deleted. Idempotent. Never throws, and takes ten seconds at most: what could not be noted differs until the
 * next comparison, which finds it and says so; a backup must not fail because of its note.
 */
export async function noteBackup(vault: Vault, place: BackupPlace): Promise<void> {
  const { catalog, clock } = vault;
  if (!catalog) return;
  const late = () => new DrError('TIMED_OUT', 'transient', 'A region does not answer.');
  await within(noteInTurn(vault, catalog, place), { clock, ms: PATIENCE_MS, late }).catch(() => undefined);
}

async function noteInTurn(vault: Vault, catalog: BackupCatalog, place: BackupPlace): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) if (await note(vault, catalog, place)) return;
}

/** False when somebody else wrote it meanwhile: then it is looked at again. */
async function note(vault: Vault, catalog: BackupCatalog, place: BackupPlace): Promise<boolean> {
  // before the buckets: whoever looks later and writes earlier is not written over
  const seen = await catalog.get(idOf(place));
  const before = seen && entryIn(seen.value);
  const [{ found, unreachable }, checks, held] = await Promise.all([
    places(vault, place),
    newestChecks(vault, [place]),
    heldNow(vault, place),
  ]);
  const silent = unreachable.map(({ region }): string => region);
  const [one] = found.values();
  if (!one) return seen && !mayBeIn(silent, before?.copies) ? catalog.remove(seen) : true;
  const isHeld = held.ids.has(idOf(place)) || (held.isPartial ? undefined : false);
  const entry = await lookAtBackup(vault, one, before, { checks, isHeld, silent, anew: false });
  return write(catalog, seen, recordOf(entry));
}

/** Whether a region that does not answer had it: then it is not gone. */
export const mayBeIn = (silent: readonly string[], copies: Readonly<Record<string, string>> = {}): boolean =>
  Object.keys(copies).some((region) => silent.includes(region));

/** False when somebody was faster. */
export async function write(
  catalog: BackupCatalog,
  seen: Stored<CatalogRecord> | undefined,
  record: CatalogRecord,
): Promise<boolean> {
  return seen ? catalog.replace(seen, record) : insertNew(catalog, record);
}
