import type { Tier } from './policy.ts';

/** A moment as the calendar and the clock of a place show it. */
export type LocalParts = Readonly<Record<string, string>>;

/** Making a format costs more than using it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function localParts(atMs: number, timeZone: string): LocalParts {
  const two = '2-digit';
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, year: 'numeric', month: two, day: two, hour: two, hourCycle: 'h23', timeZoneName: 'short' },
    });
  formats.set(timeZone, format);
  return Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
}

/** `2026`, `2026-11`, `the week of 2026-11-23`, `2026-11-24`, `2026-11-24 03 GMT-5`: as people there call it. */
export function periodName({ year, month, day, hour, timeZoneName }: LocalParts, tier: Tier): string {
  switch (tier) {
    case 'yearly':
      return `${year}`;
    case 'monthly':
      return `${year}-${month}`;
    case 'weekly':
      return `the week of ${mondayOf(Number(year), Number(month), Number(day))}`;
    case 'daily':
      return `${year}-${month}-${day}`;
    case 'hourly':
      return `${year}-${month}-${day} ${hour} ${timeZoneName}`;
  }
}

function mondayOf(year: number, month: number, day: number): string {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
