import { readMarks } from '#vault';
import { decide } from './decide.ts';
import { look } from './look.ts';
import type { Kept, Unneeded } from './plan-prune.ts';
import { DAY_MS } from './policy.ts';
import { type Retained, retainedBy } from './remove-unit.ts';
import type { RetentionWorld } from './retention-world.ts';
import { refuseBefore } from './trusted-now.ts';
import { unitName } from './units.ts';

/** Something that nothing needs, and when it could go. */
export interface Candidate extends Unneeded {
  readonly marked: 'not yet' | 'waiting' | 'ripe';
  /** The lock or hold that keeps it longer, where somebody has looked. */
  readonly retained: Retained | undefined;
  /** The earliest it could go; undefined while a legal hold is on it. */
  readonly from: Date | undefined;
}

export interface PruneList {
  readonly candidates: readonly Candidate[];
  readonly keep: readonly Kept[];
  /** Names of what may go now, to be approved. */
  readonly ripe: readonly string[];
}

/**
 * What nothing needs, and from when each of it could go. Reads only. Ripe is what was so when this UTC day began: the
 * list that people look at, and approve, does not change while they do. Throws PRUNE_REFUSED, and OBJECT_STORE_* or
 * KEY_REFUSED while a region is silent.
 */
export async function pruneList(world: RetentionWorld, signal: AbortSignal): Promise<PruneList> {
  const now = world.vault.clock.now();
  const marks = await readMarks(world.vault);
  refuseBefore(marks, now);
  const { contents, question } = await look(world, marks, now, signal);
  const { keep, remove } = decide(question);
  const today = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const candidates: Candidate[] = [];
  for (const unneeded of remove) {
    const mark = marks.marks[unitName(unneeded.unit)];
    const marked = !mark ? 'not yet' : mark.going || mark.ripeAt <= today ? 'ripe' : 'waiting';
    const ripeAt = mark?.ripeAt ?? new Date(now.getTime() + world.policy.graceDays * DAY_MS);
    // of hours of log there may be thousands, and they are locked for days only
    const asked = marked === 'ripe' || unneeded.unit.kind === 'attempt';
    const retained = asked ? await retainedBy(unneeded.unit, contents.versions, now, signal) : undefined;
    candidates.push({ ...unneeded, marked, retained, from: fromWhen(ripeAt, retained) });
  }
  const ripe = candidates.filter(({ marked, retained }) => marked === 'ripe' && !retained);
  return { candidates, keep, ripe: ripe.map(({ unit }) => unitName(unit)) };
}

function fromWhen(ripeAt: Date, retained: Retained | undefined): Date | undefined {
  if (!retained) return ripeAt;
  if (retained.legalHold || !retained.until) return undefined;
  return retained.until > ripeAt ? retained.until : ripeAt;
}
