import { asDrError, type BackupId, DrError, sha256 } from '#core';
import type { Stored } from '#ports';
import { type Found, places } from '../backup-catalog.ts';
import { inParallel } from '../in-parallel.ts';
import type { Vault } from '../vault.ts';
import { type CatalogState, type Comparison, mendedBy, stateIn } from './comparison.ts';
import { entryIn, isSameEntry, recordOf } from './entry.ts';
import { heldNow } from './held-now.ts';
import { lookAtBackup, type Surroundings } from './look-at-backup.ts';
import { newestChecks } from './newest-checks.ts';
import { mayBeIn, write } from './note-backup.ts';
import { type BackupCatalog, type CatalogRecord, idOf, MOST_ENTRIES, STATE_ID } from './record.ts';
import { type Look, summarize } from './summarize.ts';

/** Backups looked at at once; each costs a few small requests, and a call to a key service. */
const AT_ONCE = 8;

export interface CompareOptions {
  /** Reads and opens every manifest, believing nothing of the catalog; else only those that it does not know as they are. */
  readonly everything: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (looked: number, all: number) => void;
}

/**
 * Compares the catalog with the buckets and puts it right; where there is none it is made. Any region that answers is
 * enough; what only a silent region has is left as it is. Idempotent, and harmless beside itself and beside backups and
 * prunes: what somebody else wrote meanwhile is left to them. Throws WRONG_STATE (permanent) for a vault without a
 * catalog, STORE_UNAVAILABLE (transient), and OBJECT_STORE_* when no region answers.
 */
export async function compareCatalog(vault: Vault, options: CompareOptions): Promise<Comparison> {
  const { catalog } = vault;
  if (!catalog) throw new DrError('WRONG_STATE', 'permanent', 'This vault has no catalog.');
  // before the buckets: a backup that is committed and noted in between is in neither, and not taken for gone
  const records = new Map((await catalog.find({ limit: MOST_ENTRIES })).map((stored) => [stored.value.id, stored]));
  const at = vault.clock.now();
  const [{ found, unreachable }, checks, held] = await Promise.all([
    places(vault),
    newestChecks(vault),
    heldNow(vault),
  ]);
  const silent = unreachable.map(({ region }): string => region);
  let looked = 0;
  const looks = await inParallel([...found.values()], AT_ONCE, async (one) => {
    options.signal.throwIfAborted();
    const id = idOf(one.place);
    const isHeld = held.ids.has(id) || (held.isPartial ? undefined : false);
    const look = await lookAt(vault, catalog, one, records.get(id), {
      ...{ checks, isHeld, silent, anew: options.everything || isItsTurn(id, at) },
    });
    looked += 1;
    options.onProgress?.(looked, found.size);
    return look;
  });
  const ids = new Set([...found.values()].map(({ place }) => idOf(place)));
  const gone = await removeGone(catalog, records, (id, copies) => ids.has(id) || mayBeIn(silent, copies));
  const done = new Set(looks.flatMap((look) => (look.kind === 'unseen' ? [] : [idOf(look.entry)])));
  const left = [...records.values()]
    .flatMap(({ value }) => entryIn(value) ?? [])
    .filter((entry) => !done.has(idOf(entry)) && (ids.has(idOf(entry)) || mayBeIn(silent, entry.copies)));
  const comparison = summarize(
    { looks, left, gone },
    { at, everything: options.everything, silent: told(unreachable) },
  );
  await keepState(catalog, records.get(STATE_ID), comparison);
  return comparison;
}

/** A record that somebody changed by hand has the right marks: each is read anew in an hour of its own, once a day. */
const isItsTurn = (id: string, at: Date): boolean =>
  Number.parseInt(sha256(id).slice(0, 6), 16) % 24 === at.getUTCHours();

const told = (unreachable: Awaited<ReturnType<typeof places>>['unreachable']): Comparison['silent'] =>
  unreachable.map(({ region, problem }) => ({ region, problem: problem.message }));

async function lookAt(
  vault: Vault,
  catalog: BackupCatalog,
  found: Found,
  seen: Stored<CatalogRecord> | undefined,
  surroundings: Surroundings,
): Promise<Look> {
  const before = seen && entryIn(seen.value);
  try {
    const entry = await lookAtBackup(vault, found, before, surroundings);
    if (before && isSameEntry(before, entry)) return { kind: 'same', entry };
    await write(catalog, seen, recordOf(entry));
    return { kind: seen ? 'changed' : 'added', entry };
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.kind !== 'transient' || error.code === 'STORE_UNAVAILABLE') throw error;
    return { kind: 'unseen', found, problem: error.message };
  }
}

async function removeGone(
  catalog: BackupCatalog,
  records: ReadonlyMap<string, Stored<CatalogRecord>>,
  mayBeThere: (id: string, copies: Readonly<Record<string, string>> | undefined) => boolean,
): Promise<BackupId[]> {
  const gone: BackupId[] = [];
  for (const [id, seen] of records) {
    const before = entryIn(seen.value);
    if (id === STATE_ID || mayBeThere(id, before?.copies)) continue;
    if ((await catalog.remove(seen)) && before) gone.push(before.backup);
  }
  return gone.reverse();
}

/** Of two comparisons at once the first one's word stays; the next one says more. */
async function keepState(
  catalog: BackupCatalog,
  seen: Stored<CatalogRecord> | undefined,
  newest: Comparison,
): Promise<void> {
  const before = seen && stateIn(seen.value);
  const state: CatalogState = { newest, mended: mendedBy(newest) > 0 ? newest : (before?.mended ?? null) };
  await write(catalog, seen, { id: STATE_ID, content: JSON.parse(JSON.stringify(state)) });
}
