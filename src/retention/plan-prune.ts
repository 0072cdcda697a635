import { clockRefusals } from './clock-refusals.ts';
import type { Inventory } from './inventory.ts';
import type { PruneQuestion } from './prune-question.ts';
import { attemptName, captureHourOf, type Unit, unitsOf } from './units.ts';
import { whyKept } from './why-kept.ts';

/** Something that stays, with everything that asks for it. */
export interface Kept {
  readonly unit: Unit;
  readonly why: readonly string[];
  /** The end of the longest term that asks for it; undefined where only something that moves on does. */
  readonly until: Date | undefined;
}

/** Something that nothing asks for. */
export interface Unneeded {
  readonly unit: Unit;
  readonly why: string;
}

export interface PrunePlan {
  readonly keep: readonly Kept[];
  readonly remove: readonly Unneeded[];
  /** Why nothing may go at all. */
  readonly refusals: readonly string[];
}

/**
 * What stays and what goes, and why. Pure, and decides nothing alone: prove-prune.ts checks its answer from the
 * inventory without knowing how it was found. What nothing here understands is neither kept nor removed: it is left.
 */
export function planPrune(question: PruneQuestion): PrunePlan {
  const { inventory, now } = question;
  const units = unitsOf(inventory);
  const reasons = whyKept(question, units);
  const keep: Kept[] = [];
  const remove: Unneeded[] = [];
  for (const [name, unit] of units) {
    const mine = reasons.of(name);
    if (mine) keep.push({ unit, why: [...mine.why], until: mine.until });
    else remove.push({ unit, why: whyUnneeded(unit, inventory) });
  }
  return { keep, remove, refusals: clockRefusals(inventory, now) };
}

function whyUnneeded(unit: Unit, { backups, leaving }: Inventory): string {
  if (unit.kind === 'capture') return `before the window, ${captureHourOf(unit)}`;
  if (unit.kind === 'checks') return 'results of a backup that is no more';
  if (leaving.some((each) => attemptName(each) === attemptName(unit))) return 'its deletion had begun';
  const known = backups.some((backup) => attemptName(backup) === attemptName(unit));
  return known ? 'past every term' : 'left by a backup that was never finished';
}
