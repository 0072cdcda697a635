import type { RetentionPolicy, Tier } from '#retention';
import { chain, type MadeBackup, type Truth } from './truth.ts';

const DAY_SECONDS = 86_400;

/** What the vault can do for people at one moment. Knows no planner and no unit: only keys that are there or are not. */
export interface Reach {
  readonly whole: ReadonlySet<MadeBackup>;
  /** `monthly 2026-11`, each with whether one that nobody doubts is among them. */
  readonly periods: ReadonlySet<string>;
  /** From which to which second of the window everything can be restored to. */
  readonly windows: readonly { kind: string; timeline: string; first: number; last: number }[];
  /** The end of the newest backup that can be restored and that nobody doubts. */
  readonly newest: number;
}

export function reachOf(truth: Truth, keys: ReadonlySet<string>, policy: RetentionPolicy, atSeconds: number): Reach {
  const whole = new Set(
    truth.backups.filter((backup) => chain(backup).every((each) => each.keys.every((key) => keys.has(key)))),
  );
  const offered = [...whole].filter((backup) => chain(backup).every((each) => !truth.hidden.has(each)));
  const trusted = offered.filter((backup) => chain(backup).every((each) => !truth.doubted.has(each)));
  const pieces = truth.pieces.filter(({ key, opensWith }) => keys.has(key) && keys.has(opensWith));
  const periods = new Set<string>();
  for (const [kind, backups] of [['any', offered] as const, ['trusted', trusted] as const]) {
    for (const backup of backups) {
      for (const tier of ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const) {
        if (keptUntilSeconds(backup.endSeconds, policy.tiers[tier]) > atSeconds)
          periods.add(`${kind} ${tier} ${period(backup.endSeconds, tier, policy.timeZone)}`);
      }
    }
  }
  const since = atSeconds - policy.continuousDays * DAY_SECONDS;
  const windows = [['any', offered] as const, ['trusted', trusted] as const].flatMap(([kind, backups]) =>
    stretches(pieces).flatMap(({ timeline, from, through }) => {
      const inside = backups.map(({ endSeconds }) => endSeconds).filter((end) => from <= end && end < through);
      const first = Math.max(since, Math.min(...inside));
      return first < through ? [{ kind, timeline, first, last: through }] : [];
    }),
  );
  const newest = Math.max(0, ...trusted.map(({ endSeconds }) => endSeconds));
  return { whole, periods, windows, newest };
}

interface Stretch {
  readonly timeline: string;
  readonly from: number;
  readonly through: number;
}

/** Pieces put end to end, each beginning exactly where the last one ended. */
function stretches(pieces: Truth['pieces']): Stretch[] {
  const found: Stretch[] = [];
  const left = [...pieces].sort((a, b) =>
    a.timeline < b.timeline ? -1 : a.timeline > b.timeline ? 1 : a.from - b.from,
  );
  let open: { timeline: string; from: number; through: number } | undefined;
  for (const piece of left) {
    if (open && open.timeline === piece.timeline && open.through === piece.from) {
      open.through = piece.through;
      continue;
    }
    if (open) found.push(open);
    open = { timeline: piece.timeline, from: piece.from, through: piece.through };
  }
  return open ? [...found, open] : found;
}

/** Years are the calendar's: the 29th of February ends on a 28th. */
function keptUntilSeconds(endSeconds: number, term: RetentionPolicy['tiers'][Tier]): number {
  if ('days' in term) return endSeconds + term.days * DAY_SECONDS;
  const [date = '', time = ''] = new Date(endSeconds * 1000).toISOString().split('T');
  const year = Number(date.slice(0, 4)) + term.years;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const day = date.slice(4) === '-02-29' && !leap ? '-02-28' : date.slice(4);
  return Date.parse(`${year}${day}T${time}`) / 1000;
}

const calendars = new Map<string, Intl.DateTimeFormat>();

function period(seconds: number, tier: Tier, timeZone: string): string {
  const calendar =
    calendars.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  calendars.set(timeZone, calendar);
  const text = calendar.format(seconds * 1000);
  if (tier === 'hourly') return text.slice(0, 13);
  if (tier === 'daily') return text.slice(0, 10);
  if (tier === 'monthly') return text.slice(0, 7);
  if (tier === 'yearly') return text.slice(0, 4);
  // days since a Monday
  return String(Math.floor((Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000 - 4) / 7));
}

/** Everything that was promised before and is not kept after, in words. Both are judged at the same, later, moment. */
export function broken(before: Reach, after: Reach, truth: Truth, keys: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const each of before.periods) if (!after.periods.has(each)) faults.push(`no backup is left of: ${each}`);
  for (const { kind, timeline, first, last } of before.windows) {
    const still = after.windows.some(
      (each) => each.kind === kind && each.timeline === timeline && each.first <= first && each.last >= last,
    );
    if (!still) faults.push(`${kind}: not every second from ${first} to ${last} of timeline ${timeline} any more`);
  }
  if (after.newest < before.newest) faults.push(`the newest backup, of ${before.newest}, is gone`);
  const relied = new Map<string, MadeBackup[]>([
    ...[...truth.restoring].map(([run, backup]): [string, MadeBackup[]] => [
      `${run} restores ${backup.name}`,
      chain(backup),
    ]),
    ...[...truth.held].map((backup): [string, MadeBackup[]] => [`${backup.name} is held`, chain(backup)]),
    ...[...truth.hidden].map((backup): [string, MadeBackup[]] => [`${backup.name} is hidden`, [backup]]),
  ]);
  for (const [why, backups] of relied) {
    const missing = backups.flatMap((each) => each.keys).find((key) => !keys.has(key));
    if (missing) faults.push(`${missing} is gone, but ${why}`);
  }
  return faults;
}

/** A backup that people are offered is whole, also while it goes: its manifest goes before anything else. */
export function offeredHalf(truth: Truth, after: Reach, offered: (backup: MadeBackup) => boolean): string[] {
  return truth.backups
    .filter((backup) => !after.whole.has(backup) && offered(backup))
    .map(({ name }) => `${name} is offered and can't be restored`);
}
