import { type PruneMarks, readMarks, writeMarks } from '#vault';
import { decide } from './decide.ts';
import { extendLocks } from './extend-locks.ts';
import { look } from './look.ts';
import { moveColder } from './move-colder.ts';
import type { Kept, Unneeded } from './plan-prune.ts';
import { DAY_MS, type RetentionPolicy } from './policy.ts';
import type { RetentionWorld } from './retention-world.ts';
import { trustedNow } from './trusted-now.ts';
import { unitName } from './units.ts';

export interface Marked {
  readonly keep: readonly Kept[];
  readonly remove: readonly Unneeded[];
  readonly marks: PruneMarks;
  /** Newly marked, and no longer marked. */
  readonly added: number;
  readonly dropped: number;
  /** Backups whose locks were made longer. */
  readonly extended: number;
}

/**
 * Finds what nothing needs, proves that it may go, and marks it with the time; what came to be needed again is unmarked.
 * Locks what stays as long as its term, and has what may lie colder moved. Deletes nothing. Idempotent: a mark that is there keeps its time. Throws
 * PRUNE_REFUSED, and OBJECT_STORE_* or KEY_REFUSED while a region is silent.
 */
export async function mark(world: RetentionWorld, signal: AbortSignal): Promise<Marked> {
  const { vault, policy } = world;
  const before = await readMarks(vault);
  const now = await trustedNow(vault, before);
  const seen = await look(world, before, now, signal);
  const { keep, remove } = decide(seen.question);
  const marks = nextMarks(remove, before.marks, now, policy);
  const { locks, extended } = await extendLocks(seen, keep, before.locks, signal);
  const classes = await moveColder(seen, keep, before.classes ?? {}, signal);
  const next = { ...before, at: now, marks, locks, classes };
  await writeMarks(vault, next);
  const added = Object.keys(marks).filter((name) => !before.marks[name]).length;
  const dropped = Object.keys(before.marks).filter((name) => !marks[name]).length;
  return { keep, remove, marks: next, added, dropped, extended };
}

function nextMarks(
  remove: readonly Unneeded[],
  before: PruneMarks['marks'],
  now: Date,
  { graceDays }: RetentionPolicy,
): PruneMarks['marks'] {
  return Object.fromEntries(
    remove.map(({ unit }) => {
      const name = unitName(unit);
      return [name, before[name] ?? { since: now, ripeAt: new Date(now.getTime() + graceDays * DAY_MS), going: false }];
    }),
  );
}
