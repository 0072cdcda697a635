import { DateTime } from 'luxon';
import { keptUntil } from '#plan';
import { endOf, type KnownBackup } from './inventory.ts';
import { type RetentionPolicy, TIERS, type Tier } from './policy.ts';

/** What period it is at a place, in words of its own. An hour that comes twice when clocks are set back is two. */
const PERIODS: Readonly<Record<Tier, (local: DateTime) => string>> = {
  hourly: ({ year, ordinal, hour, offset }) => `${year}-${ordinal} ${hour} ${offset}`,
  daily: ({ year, ordinal }) => `${year}-${ordinal}`,
  weekly: ({ weekYear, weekNumber }) => `${weekYear}-${weekNumber}`,
  monthly: ({ year, month }) => `${year}-${month}`,
  yearly: ({ year }) => `${year}`,
};

/** A backup that stands for its period until then. */
export interface Representative {
  readonly backup: KnownBackup;
  readonly tier: Tier;
  readonly until: Date;
}

/** The periods a backup is of, and how long it may stand for each. */
type Dates = Readonly<Record<Tier, { readonly period: string; readonly until: Date | undefined }>>;

/** Calendars are slow, and the same backups are thinned more than once. */
export function datesOf(backups: readonly KnownBackup[], policy: RetentionPolicy): ReadonlyMap<KnownBackup, Dates> {
  return new Map(
    backups.map((backup) => {
      const end = endOf(backup);
      const local = DateTime.fromJSDate(end, { zone: policy.timeZone });
      const dates = TIERS.map((tier) => {
        const until = keptUntil(policy.tiers[tier], end);
        return [tier, { period: PERIODS[tier](local), until }] as const;
      });
      return [backup, Object.fromEntries(dates) as Record<Tier, (typeof dates)[number][1]>];
    }),
  );
}

/**
 * Of each period the first full that is within its term, or the first of any kind where there is no full. The first and
 * not the last: what stands for its month is known at once and never loses that to a later one, so that its lock can be
 * made as long as its term without locking every backup so.
 */
export function thin(
  backups: readonly KnownBackup[],
  dates: ReadonlyMap<KnownBackup, Dates>,
  now: Date,
): Representative[] {
  const inOrder = [...backups].sort((a, b) => a.end.seconds - b.end.seconds);
  return TIERS.flatMap((tier) => {
    const chosen = new Map<string, Representative>();
    for (const backup of inOrder) {
      const { period, until } = dates.get(backup)?.[tier] ?? { period: '', until: undefined };
      if (!until || until <= now) continue;
      const before = chosen.get(period);
      if (before && (before.backup.kind === 'full' || backup.kind !== 'full')) continue;
      chosen.set(period, { backup, tier, until });
    }
    return [...chosen.values()];
  });
}
