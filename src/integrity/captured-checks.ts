import { z } from 'zod';
import { Region, RequestId } from '#core';
import { type ControlStore, changeRecord, formatOplogTime, insertNew, type Records } from '#ports';
import { type CapturedHour, Damage, HealedCopy, Lost, nameOfHour } from '#vault';

/** So many of each are kept and shown; how many there were is kept too. */
export const MOST_KEPT = 20;

/** Something lost, and which verification found it first. */
export const FoundLost = Lost.extend({ foundAt: z.date(), foundBy: RequestId });
export type FoundLost = z.output<typeof FoundLost>;

/** What reading captured objects back came to, besides what is lost. Of long lists the first are kept. */
export const ReadBack = z.object({
  objects: z.number().int(),
  bytes: z.number(),
  damaged: z.number().int(),
  damage: z.array(Damage),
  healedCopies: z.number().int(),
  healed: z.array(HealedCopy),
  rebuilt: z.number().int(),
  spare: z.number().int(),
});

/**
 * What the last reading of a captured hour came to. Only a memory: it says what need not be read again soon, and what no
 * restore can lead over. Without it, the next verification finds the same.
 */
export const CapturedCheck = ReadBack.extend({
  /** `0001/2026-11-23T08` */
  id: z.string(),
  timeline: z.number().int().positive(),
  hour: z.string(),
  at: z.date(),
  run: RequestId,
  lost: z.array(FoundLost),
  /** Whether anything is: for looking it up. */
  hasLost: z.boolean(),
  unread: z.array(Region),
});
export type CapturedCheck = z.output<typeof CapturedCheck>;

export const openCapturedChecks = (store: ControlStore): Records<CapturedCheck> =>
  store.records('captured-checks', CapturedCheck);

/** More hours than thirty years have. */
export const ALL_HOURS = 300_000;

/**
 * What is known to be lost and no name in a bucket tells: damaged in every region, or without its key. What is not there
 * is told by the names. Throws STORE_UNAVAILABLE (transient).
 */
export async function readLost(store: ControlStore): Promise<FoundLost[]> {
  const found = await openCapturedChecks(store).find({ where: { hasLost: true }, limit: ALL_HOURS });
  return found.flatMap(({ value }) => value.lost);
}

/**
 * Keeps an hour's check over the one before. What was lost already keeps who found it; while a region is unread nothing
 * that was lost is taken for found again. Idempotent.
 */
export async function keepCapturedCheck(
  checks: Records<CapturedCheck>,
  check: Omit<CapturedCheck, 'id' | 'lost' | 'hasLost'> & { readonly lost: readonly Lost[] },
): Promise<void> {
  const id = nameOfHour(check);
  const next = (known: readonly FoundLost[]): CapturedCheck => {
    const lost = check.lost.map(
      (each) => known.find((other) => isSame(other, each)) ?? { ...each, foundAt: check.at, foundBy: check.run },
    );
    const kept = check.unread.length > 0 ? known.filter((each) => !lost.some((other) => isSame(other, each))) : [];
    return { ...check, id, lost: [...lost, ...kept], hasLost: lost.length + kept.length > 0 };
  };
  if (await changeRecord(checks, id, (current) => next(current.lost))) return;
  if (!(await insertNew(checks, next([])))) await keepCapturedCheck(checks, check);
}

const isSame = (a: Lost, b: Lost): boolean => nameOfLost(a) === nameOfLost(b);

const nameOfLost = ({ timeline, from, through }: Lost): string =>
  `${timeline} ${formatOplogTime(from)} ${formatOplogTime(through)}`;

/** A hole that the names show: remembered only for who found it first. */
const Hole = FoundLost.extend({ id: z.string() });

/**
 * Remembers the holes there are, forgets those that are there no more, and says which run found each first. Ask it only
 * with what every region listed. Idempotent.
 */
export async function keepHoles(
  store: ControlStore,
  holes: readonly Lost[],
  found: Pick<FoundLost, 'foundAt' | 'foundBy'>,
): Promise<FoundLost[]> {
  const records = store.records('captured-holes', Hole);
  const known = await records.find({ limit: ALL_HOURS });
  for (const stored of known) {
    if (!holes.some((hole) => nameOfLost(hole) === stored.value.id)) await records.remove(stored);
  }
  const kept: FoundLost[] = [];
  for (const hole of holes) {
    const id = nameOfLost(hole);
    const before = known.find(({ value }) => value.id === id)?.value;
    if (!before) await insertNew(records, { ...hole, ...found, id });
    const { foundAt, foundBy } = before ?? found;
    kept.push({ ...hole, foundAt, foundBy });
  }
  return kept;
}

/** Forgets hours that are no longer there. */
export async function forgetHours(checks: Records<CapturedCheck>, there: readonly CapturedHour[]): Promise<void> {
  const names = new Set(there.map(nameOfHour));
  for (const stored of await checks.find({ limit: ALL_HOURS })) {
    if (!names.has(stored.value.id)) await checks.remove(stored);
  }
}
