import { noteBackup, type PruneMarks, readMarks, tidyMarks, writeMarks } from '#vault';
import { abortUploads } from './abort-uploads.ts';
import { decide, prove } from './decide.ts';
import type { KnownBackup } from './inventory.ts';
import { placeName } from './inventory.ts';
import { type Look, look } from './look.ts';
import type { PrunePlan, Unneeded } from './plan-prune.ts';
import { type Retained, removeUnit, retainedBy } from './remove-unit.ts';
import type { RetentionWorld } from './retention-world.ts';
import { trustedNow } from './trusted-now.ts';
import { attemptName, type Unit, unitName } from './units.ts';

export interface Swept {
  readonly removed: readonly Unneeded[];
  /** What was to go and is locked or held by the bucket. */
  readonly retained: readonly { readonly unit: Unit; readonly by: Retained }[];
  /** Uploads in parts that were given up. */
  readonly uploads: number;
}

/**
 * Deletes what was marked long enough ago and `allowed` names, in every region. In this order, so that a crash between
 * any two calls harms nothing: prove, write down what is going, look again at everything (a hold, a restore or a backup
 * that came meanwhile has seen that mark, or is seen here), prove again, delete, forget the marks. Idempotent: what a
 * crash left is gone on with. Throws PRUNE_REFUSED, and OBJECT_STORE_* or KEY_REFUSED while a region is silent.
 */
export async function sweep(world: RetentionWorld, allowed: ReadonlySet<string>, signal: AbortSignal): Promise<Swept> {
  const { vault } = world;
  let marks = await readMarks(vault);
  const now = await trustedNow(vault, marks);
  const first = await look(world, marks, now, signal);
  const ripe = ripeOf(decide(first.question), marks, now).filter(({ unit }) => allowed.has(unitName(unit)));
  const { free, retained } = await sortByLock(ripe, first, now, signal);
  const chosen = withoutParents(free, first);
  prove(first.question, keysOf(chosen));

  marks = { ...marks, at: now, marks: withGoing(marks.marks, chosen) };
  await writeMarks(vault, marks);

  const second = await look(world, marks, now, signal);
  const again = decide(second.question);
  const going = withoutParents(
    ripeOf(again, marks, now).filter(({ unit }) => marks.marks[unitName(unit)]?.going),
    second,
  );
  prove(second.question, keysOf(going));
  const removed: Unneeded[] = [];
  const halfway = new Set<string>();
  for (const unneeded of childrenFirst(going, second)) {
    const removal = await removeUnit(unneeded.unit, second.contents.versions, signal);
    if (unneeded.unit.kind === 'attempt') await noteBackup(vault, unneeded.unit.place);
    if (removal.kind === 'removed') {
      removed.push(unneeded);
      continue;
    }
    retained.push({ unit: unneeded.unit, by: removal.by });
    if (removal.begun) halfway.add(unitName(unneeded.unit));
  }
  const uploads = await abortUploads(world, now);
  await writeMarks(vault, { ...marks, marks: settled(marks.marks, again, removed, halfway) });
  await tidyMarks(vault);
  return { removed, retained, uploads };
}

/** What the plan removes and was marked for so long that it may go. */
export const ripeOf = ({ remove }: PrunePlan, { marks }: PruneMarks, now: Date): Unneeded[] =>
  remove.filter(({ unit }) => {
    const found = marks[unitName(unit)];
    return found !== undefined && (found.going || found.ripeAt <= now);
  });

async function sortByLock(ripe: readonly Unneeded[], { contents }: Look, now: Date, signal: AbortSignal) {
  const free: Unneeded[] = [];
  const retained: { unit: Unit; by: Retained }[] = [];
  for (const unneeded of ripe) {
    const by = await retainedBy(unneeded.unit, contents.versions, now, signal);
    if (by) retained.push({ unit: unneeded.unit, by });
    else free.push(unneeded);
  }
  return { free, retained };
}

/** A backup goes only with all that stand on it, or after them: one of those may be locked for longer. */
function withoutParents(chosen: readonly Unneeded[], { question }: Look): Unneeded[] {
  const { backups } = question.inventory;
  let going = [...chosen];
  for (;;) {
    const names = new Set(going.map(({ unit }) => unitName(unit)));
    const needed = new Set(backups.filter((each) => !names.has(attemptName(each))).flatMap(parentName));
    const left = going.filter(({ unit }) => unit.kind !== 'attempt' || !needed.has(placeName(unit.place)));
    if (left.length === going.length) return going;
    going = left;
  }
}

/** A crash in between then leaves no backup that is offered without what it stands on. */
function childrenFirst(going: readonly Unneeded[], { question }: Look): Unneeded[] {
  const ends = new Map(question.inventory.backups.map((each) => [attemptName(each), each.end.seconds]));
  const endOf = ({ unit }: Unneeded): number => ends.get(unitName(unit)) ?? 0;
  return [...going].sort((a, b) => endOf(b) - endOf(a));
}

const parentName = ({ parent }: KnownBackup): string[] => (parent ? [placeName(parent)] : []);

const keysOf = (chosen: readonly Unneeded[]): string[] => chosen.flatMap(({ unit }) => unit.keys);

function withGoing(marks: PruneMarks['marks'], chosen: readonly Unneeded[]): PruneMarks['marks'] {
  const going = chosen.flatMap(({ unit }) => {
    const found = marks[unitName(unit)];
    return found ? [[unitName(unit), { ...found, going: true }] as const] : [];
  });
  return { ...marks, ...Object.fromEntries(going) };
}

/**
 * What went needs no mark, and what came to be needed again has none. Of the rest only what is half gone stays as going:
 * everything else may still be held or restored.
 */
function settled(
  marks: PruneMarks['marks'],
  { remove }: PrunePlan,
  removed: readonly Unneeded[],
  halfway: ReadonlySet<string>,
): PruneMarks['marks'] {
  const gone = new Set(removed.map(({ unit }) => unitName(unit)));
  const left = new Set(remove.map(({ unit }) => unitName(unit)).filter((name) => !gone.has(name)));
  return Object.fromEntries(
    Object.entries(marks)
      .filter(([name]) => left.has(name))
      .map(([name, each]) => [name, { ...each, going: each.going && halfway.has(name) }]),
  );
}
