import { DateTime } from 'luxon';
import { durationOf, invalidTime, readClock } from './clock-words.ts';
import { utc } from './format.ts';

/** What a person may type for a moment that is still to come. */
export const COMING_EXAMPLES =
  '"in 2 hours", "18:00", "tomorrow 09:00", "2026-12-24 18:00", "2026-12-24 18:00 America/New_York", "2026-12-24 18:00 my time"';

const IN = /^in\s+(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$/i;

/**
 * The second that a person means: `now`, in how long, or a date and a time of day, in UTC unless a zone is named; `my time`
 * is `ownZone`. A time without a date is today's. Throws TIME_INVALID (user) for everything that could be two moments or none,
 * and for the past.
 */
export function parseComing(typed: string, now: Date, ownZone: string): Date {
  const text = typed.trim().replace(/\s+/g, ' ');
  const wait = IN.exec(text);
  const second = DateTime.fromJSDate(now, { zone: 'utc' }).startOf('second');
  if (/^now$/i.test(text)) return second.toJSDate();
  if (wait) return second.plus(durationOf(wait[1] ?? '0', wait[2] ?? 's')).toJSDate();
  const found = readClock(text, now, { examples: COMING_EXAMPLES, ownZone });
  if (found.getTime() < now.getTime()) {
    const hint = /^\d{1,2}:/.test(text) ? 'Say the date too, or "tomorrow".' : `Try ${COMING_EXAMPLES}`;
    throw invalidTime(`${utc(found)} has been already`, hint);
  }
  return found;
}
