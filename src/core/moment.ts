import { DateTime } from 'luxon';
import { durationOf, invalidTime, readClock } from './clock-words.ts';
import { utc } from './format.ts';

/** What a person may type for a moment of the past. */
export const MOMENT_EXAMPLES =
  '"10 minutes ago", "14:03:20", "2026-11-23 14:03:20", "2026-11-23 09:03 America/New_York", "before R-43"';

const AGO = /^(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\s+ago$/i;

/**
 * The second that a person means: how long ago, or a date and a time of day, in UTC unless a zone is named (`UTC`, `Z`,
 * `+02:00`, `America/New_York`). A time without a date is today's. Throws TIME_INVALID (user) for everything that could
 * be two moments or none: an hour that daylight saving repeats or skips, a date that does not exist, the future.
 */
export function parseMoment(typed: string, now: Date): Date {
  const text = typed.trim().replace(/\s+/g, ' ');
  const ago = AGO.exec(text);
  const found = ago ? beforeNow(ago, now) : readClock(text, now, { examples: MOMENT_EXAMPLES });
  if (found.getTime() > now.getTime()) {
    const hint = /^\d{1,2}:/.test(text) ? 'Say the date too, or "yesterday".' : `Try ${MOMENT_EXAMPLES}`;
    throw invalidTime(`${utc(found)} has not been yet`, hint);
  }
  return found;
}

function beforeNow([, amount = '0', unit = 's']: RegExpExecArray, now: Date): Date {
  const past = DateTime.fromJSDate(now, { zone: 'utc' }).minus(durationOf(amount, unit));
  return past.startOf('second').toJSDate();
}
