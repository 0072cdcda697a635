import { DrError } from '#core';
import { marksWrittenAt, type PruneMarks, type Vault, writeMarks } from '#vault';
import { SKEW_MS, sayLong } from './clock-refusals.ts';
import { DAY_MS } from './policy.ts';

/**
 * The time by which things are old: the earlier of this machine's and the buckets'. Asks the buckets by writing the
 * marks again as they are. Throws PRUNE_REFUSED (permanent) when the two are more than a day apart, or this one stands
 * before what was written by it last: then one of them is wrong, and everything may look old.
 */
export async function trustedNow(vault: Vault, marks: PruneMarks): Promise<Date> {
  await writeMarks(vault, marks);
  const theirs = await marksWrittenAt(vault);
  const ours = vault.clock.now();
  if (!theirs) throw refused('The buckets do not say when the marks were written.');
  const apart = Math.max(
    Math.abs(ours.getTime() - theirs.oldest.getTime()),
    Math.abs(ours.getTime() - theirs.newest.getTime()),
  );
  if (apart > DAY_MS) {
    const where = `It is ${ours.toISOString()} here and ${theirs.newest.toISOString()} at the buckets`;
    throw refused(`${where}, ${sayLong(apart)} apart.`);
  }
  refuseBefore(marks, ours);
  return ours < theirs.oldest ? ours : theirs.oldest;
}

/** Throws PRUNE_REFUSED (permanent) when it is earlier than it was when the marks were written. */
export function refuseBefore(marks: PruneMarks, now: Date): void {
  if (marks.at.getTime() <= now.getTime() + SKEW_MS) return;
  throw refused(`It is ${now.toISOString()} here, and was ${marks.at.toISOString()} when prune ran last.`);
}

const refused = (what: string): DrError =>
  new DrError('PRUNE_REFUSED', 'permanent', `${what} Nothing was deleted.`, {
    hint: 'Put the clock of this machine right, then again: /dr prune',
  });
