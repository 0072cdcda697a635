import { DateTime } from 'luxon';
import { z } from 'zod';
import { counted } from '#core';
import { Positive } from './units.ts';

/** How long something is kept: `{ days: 30 }`, `{ years: 7 }` (calendar years), or for ever. */
export const LimitedRetention = z.union([z.strictObject({ days: Positive }), z.strictObject({ years: Positive })]);
export type LimitedRetention = z.output<typeof LimitedRetention>;

export const Retention = z.union([z.literal('forever'), LimitedRetention]);
export type Retention = z.output<typeof Retention>;

/** The moment until which something made at `from` is kept, in UTC calendar terms; undefined: for ever. */
export function keptUntil(retention: Retention, from: Date): Date | undefined {
  if (retention === 'forever') return undefined;
  return DateTime.fromJSDate(from, { zone: 'utc' }).plus(retention).toJSDate();
}

/** The fewest days a retention can come to: a year counts 365. For comparing promises, never for deleting. */
export function leastDays(retention: Retention): number {
  if (retention === 'forever') return Number.POSITIVE_INFINITY;
  return 'days' in retention ? retention.days : retention.years * 365;
}

/** `7 years`, `30 days`, `for ever`. */
export function sayRetention(retention: Retention): string {
  if (retention === 'forever') return 'for ever';
  const [count, unit] = 'days' in retention ? [retention.days, 'day'] : [retention.years, 'year'];
  return counted(count, unit);
}
