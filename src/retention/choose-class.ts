import { isInstant, type StorageClass } from '#ports';
import { chainsOf } from './chains.ts';
import { endOf } from './inventory.ts';
import type { Kept } from './plan-prune.ts';
import { DAY_MS, TIERS } from './policy.ts';
import type { PruneQuestion } from './prune-question.ts';
import { attemptName, unitName } from './units.ts';

/** Whoever leaves a class sooner pays for the rest of these days: what goes before is cheaper where it is. */
const LEAST_DAYS: Readonly<Partial<Record<StorageClass, number>>> = {
  STANDARD_IA: 30,
  GLACIER_IR: 90,
  GLACIER: 90,
  DEEP_ARCHIVE: 180,
};

/**
 * The class in which each backup's data is to lie, by unit; those that stay where they are are left out. By age, with two
 * limits: what anything but a term keeps (the window, being the newest, a hold, a run, its youth), and all it can't be
 * restored without, never gets a cold class; and nothing moves that leaves sooner than it has to be paid for. Pure.
 */
export function classesOf(
  { inventory, policy, now }: Pick<PruneQuestion, 'inventory' | 'policy' | 'now'>,
  keep: readonly Kept[],
): ReadonlyMap<string, StorageClass> {
  const keptBy = new Map(keep.map((kept) => [unitName(kept.unit), kept]));
  const chainOf = chainsOf(inventory.backups);
  const warm = new Set<string>();
  for (const backup of inventory.backups) {
    const kept = keptBy.get(attemptName(backup));
    if (!kept || kept.why.every((why) => isTerm(why) || why.endsWith(STANDS_ON))) continue;
    for (const member of chainOf(backup).members) warm.add(attemptName(member));
  }
  const classes = new Map<string, StorageClass>();
  for (const backup of inventory.backups) {
    const name = attemptName(backup);
    const until = keptBy.get(name)?.until;
    if (!until) continue;
    const ageDays = (now.getTime() - endOf(backup).getTime()) / DAY_MS;
    const leftDays = (until.getTime() - now.getTime()) / DAY_MS;
    const found = (policy.storageClasses ?? []).findLast(
      ({ afterDays, class: wanted }) =>
        ageDays >= afterDays && leftDays >= (LEAST_DAYS[wanted] ?? 0) && (isInstant(wanted) || !warm.has(name)),
    );
    if (found) classes.set(name, found.class);
  }
  return classes;
}

const STANDS_ON = ' stands on it';
const isTerm = (why: string): boolean => TIERS.some((tier) => tier === why);
