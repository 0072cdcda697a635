import { byTrust, chainsOf } from './chains.ts';
import { windowNeeds } from './continuous-window.ts';
import { endOf, type KnownBackup, placeName } from './inventory.ts';
import { daysBefore } from './policy.ts';
import type { PruneQuestion } from './prune-question.ts';
import { Reasons } from './reasons.ts';
import { datesOf, thin } from './thin.ts';
import { attemptName, type Unit } from './units.ts';

/** Everything that is promised, and what it needs, by unit. What has no reason here is needed by nothing. */
export function whyKept(question: PruneQuestion, units: ReadonlyMap<string, Unit>): Reasons {
  const reasons = new Reasons();
  const chainOf = chainsOf(question.inventory.backups);
  const keep: Keep = (backup, why, until) => {
    for (const member of chainOf(backup).members) {
      reasons.add(attemptName(member), member === backup ? why : `${backup.place.backup} stands on it`, until);
    }
  };
  keepByPolicy(question, keep);
  keepWindow(question, units, reasons, keep);
  keepByPlace(question, units, reasons, keep);
  keepYoung(question, units, reasons, keep);
  return reasons;
}

/** Keeps a backup with all it can't be restored without. */
type Keep = (backup: KnownBackup, why: string, until?: Date) => void;

function keepByPolicy({ inventory, policy, now }: PruneQuestion, keep: Keep): void {
  const dates = datesOf(inventory.backups, policy);
  for (const candidates of byTrust(inventory)) {
    for (const { backup, tier, until } of thin(candidates, dates, now)) keep(backup, tier, until);
    const newest = newestOf(candidates);
    if (newest) keep(newest, 'the newest');
    const full = newestOf(candidates.filter(({ kind }) => kind === 'full'));
    if (full) keep(full, 'the newest full');
  }
}

const newestOf = (backups: readonly KnownBackup[]): KnownBackup | undefined => [...backups].sort(byEnd).at(-1);

const byEnd = (a: KnownBackup, b: KnownBackup): number => endOf(a).getTime() - endOf(b).getTime();

function keepWindow(
  { inventory, policy, now }: PruneQuestion,
  units: ReadonlyMap<string, Unit>,
  reasons: Reasons,
  keep: Keep,
): void {
  const window = `the window of ${policy.continuousDays} days`;
  const since = { seconds: Math.floor(daysBefore(now, policy.continuousDays).getTime() / 1000), increment: 0 };
  const needs = windowNeeds(inventory, since, byTrust(inventory));
  for (const base of needs.bases) keep(base, `${window} stands on it`);
  for (const [name, unit] of units) {
    if (unit.kind !== 'capture') continue;
    if (unit.reaches.some((through) => needs.needsCaptured(unit.timeline, through))) reasons.add(name, window);
  }
}

/** What is held, in use, or of a backup whose manifest tells nothing: everything of that place. */
function keepByPlace(
  { inventory, held, inUse }: PruneQuestion,
  units: ReadonlyMap<string, Unit>,
  reasons: Reasons,
  keep: Keep,
): void {
  const { backups, unknown } = inventory;
  const named = [
    ...held.map(({ place, reason }) => ({ is: isAt(placeName(place)), why: `held: ${reason}` })),
    ...inUse.map(({ backup, run, what }) => ({ is: hasId(backup), why: `${run} uses it (${what})` })),
    ...unknown.map(({ place, why }) => ({ is: isAt(placeName(place)), why: `its manifest tells nothing: ${why}` })),
  ];
  for (const { is, why } of named) {
    for (const [name, { place }] of units) if (place && is(place)) reasons.add(name, why);
    for (const backup of backups) if (is(backup.place)) keep(backup, why);
  }
  for (const { place, why } of unknown) {
    for (const backup of possibleParents(place, backups)) {
      keep(backup, `${place.backup} may stand on it, and its manifest tells nothing: ${why}`);
    }
  }
}

type Place = KnownBackup['place'];
const isAt = (name: string) => (place: Place) => placeName(place) === name;
const hasId = (id: string) => (place: Place) => place.backup === id;

/**
 * Of a backup that can't be read nobody knows the parents. They were whole when it began, and one stands on the newest
 * there are: the newest full from before then, and all since.
 */
function possibleParents(place: Place, backups: readonly KnownBackup[]): KnownBackup[] {
  const began = beganMs(place);
  const before = backups.filter((backup) => endOf(backup).getTime() <= began).sort(byEnd);
  const full = before.findLastIndex(({ kind }) => kind === 'full');
  return before.slice(Math.max(0, full));
}

/** The end of the minute that its id names. */
function beganMs({ year, backup }: Place): number {
  const [, month = '', day = '', hour = '', minute = ''] = /^B-(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(backup) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`) + 60_000;
}

function keepYoung(
  { inventory, policy, now }: PruneQuestion,
  units: ReadonlyMap<string, Unit>,
  reasons: Reasons,
  keep: Keep,
): void {
  const young = daysBefore(now, policy.graceDays);
  const why = `younger than ${policy.graceDays} days`;
  for (const [name, { newestAt }] of units) if (newestAt > young) reasons.add(name, why);
  for (const backup of inventory.backups) {
    // by the database's clock too, and with its parents: a young backup can't do without an old full
    const newestAt = units.get(attemptName(backup))?.newestAt;
    if (endOf(backup) > young || (newestAt && newestAt > young)) keep(backup, why);
  }
}
