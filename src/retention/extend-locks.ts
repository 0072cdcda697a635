import { asDrError } from '#core';
import type { ObjectLock } from '#ports';
import { inParallel, ownerOf, type PruneMarks } from '#vault';
import type { Look } from './look.ts';
import type { Kept } from './plan-prune.ts';
import { DAY_MS } from './policy.ts';
import type { VersionThere } from './stored-version.ts';
import { attemptName, unitName } from './units.ts';

/** Calls at once, over all regions. */
const AT_ONCE = 8;

/**
 * Locks every version of every backup that stays for as long as its term needs: a lock that ends before its backup's
 * term protects nothing of it. What was locked so long before, with no version more since, is not asked about again.
 * Idempotent. Returns what to remember, and how many backups' locks were made longer.
 */
export async function extendLocks(
  { contents, question }: Look,
  keep: readonly Kept[],
  before: PruneMarks['locks'],
  signal: AbortSignal,
): Promise<{ locks: PruneMarks['locks']; extended: number }> {
  const backups = new Set(question.inventory.backups.map(attemptName));
  const locks: PruneMarks['locks'] = {};
  let extended = 0;
  for (const { unit, until } of keep) {
    const name = unitName(unit);
    if (!backups.has(name)) continue;
    const versions = unit.keys.flatMap((key) =>
      ownerOf(key).kind === 'check' ? [] : objectsOf(key, contents.versions),
    );
    const wanted = lockFor(question, until);
    const known = before[name];
    if (known && known.until >= wanted.until && known.versions === versions.length) {
      locks[name] = known;
      continue;
    }
    await inParallel(versions, AT_ONCE, async ({ store, key, versionId }) => {
      signal.throwIfAborted();
      await store.extendLock(key, versionId, wanted).catch(onlyGone);
    });
    locks[name] = { until: wanted.until, versions: versions.length };
    extended += 1;
  }
  return { locks, extended };
}

const objectsOf = (key: string, versions: Look['contents']['versions']): VersionThere[] =>
  (versions.get(key) ?? []).filter(({ kind }) => kind === 'object');

/** To the end of the term, in whole seconds; what has no end of its own is locked over the next rounds. */
function lockFor({ policy, now }: Look['question'], until: Date | undefined): ObjectLock {
  const least = now.getTime() + policy.graceDays * DAY_MS;
  const ends = Math.max(least, until?.getTime() ?? 0);
  // by days where nothing else says when, or every round would ask for every object again
  const step = until && until.getTime() >= least ? 1_000 : DAY_MS;
  return { mode: policy.lockMode, until: new Date(Math.ceil(ends / step) * step) };
}

/** Somebody healed or deleted it meanwhile: there is nothing to lock. */
function onlyGone(thrown: unknown): void {
  const error = asDrError(thrown);
  if (error.code !== 'NOT_FOUND') throw error;
}
