import { DateTime, Duration, IANAZone } from 'luxon';
import { DrError } from './errors.ts';
import { utc } from './format.ts';

/** What a person may type for a moment of the past. */
export const MOMENT_EXAMPLES =
  '"10 minutes ago", "14:03:20", "2026-11-23 14:03:20", "2026-11-23 09:03 America/New_York", "before R-43"';

const AGO = /^(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\s+ago$/i;
const CLOCK = /^(?:(today|yesterday|\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(.*)$/i;

/**
 * The second that a person means: how long ago, or a date and a time of day, in UTC unless a zone is named (`UTC`, `Z`,
 * `+02:00`, `America/New_York`). A time without a date is today's. Throws TIME_INVALID (user) for everything that could
 * be two moments or none: an hour that daylight saving repeats or skips, a date that does not exist, the future.
 */
export function parseMoment(typed: string, now: Date): Date {
  const text = typed.trim().replace(/\s+/g, ' ');
  const ago = AGO.exec(text);
  const found = ago ? beforeNow(ago, now) : atClock(text, now);
  if (found.getTime() > now.getTime()) {
    throw invalid(
      `${utc(found)} has not been yet`,
      /^\d{1,2}:/.test(text) ? 'Say the date too, or "yesterday".' : undefined,
    );
  }
  return found;
}

function beforeNow([, amount = '0', unit = 's']: RegExpExecArray, now: Date): Date {
  const name = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' }[unit.charAt(0).toLowerCase()] ?? 'seconds';
  const past = DateTime.fromJSDate(now, { zone: 'utc' }).minus(Duration.fromObject({ [name]: Number(amount) }));
  return past.startOf('second').toJSDate();
}

function atClock(text: string, now: Date): Date {
  const [, day = 'today', hour = '', minute = '', second = '0', zoneText = ''] = CLOCK.exec(text) ?? [];
  if (hour === '') throw invalid(`"${text.slice(0, 60)}" is not a time`);
  const zone = zoneOf(zoneText.trim());
  const date = dateOf(day.toLowerCase(), DateTime.fromJSDate(now, { zone }));
  const wanted = { ...date, hour: Number(hour), minute: Number(minute), second: Number(second) };
  const local = DateTime.fromObject(wanted, { zone });
  if (!local.isValid) throw invalid(`"${text.slice(0, 60)}" is no time that exists`);
  if (local.hour !== wanted.hour || local.minute !== wanted.minute) {
    throw invalid(`${text} did not happen: the clocks went forward then`, `Say it in UTC.`);
  }
  const possible = local.getPossibleOffsets();
  if (possible.length > 1) {
    const both = possible.map((each) => utc(each.toJSDate())).join(' or ');
    throw invalid(`${text} happened twice: the clocks went back then`, `Say which: ${both}`);
  }
  return local.toJSDate();
}

function dateOf(day: string, today: DateTime): { year: number; month: number; day: number } {
  const when = day === 'today' ? today : day === 'yesterday' ? today.minus({ days: 1 }) : undefined;
  if (when) return { year: when.year, month: when.month, day: when.day };
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, day: date };
}

function zoneOf(text: string): string {
  if (text === '' || /^(z|utc|gmt)$/i.test(text)) return 'utc';
  if (/^[+-]\d{1,2}(:?\d{2})?$/.test(text)) return `utc${text}`;
  if (IANAZone.isValidZone(text)) return text;
  throw invalid(`"${text.slice(0, 40)}" is not a time zone`);
}

const invalid = (what: string, hint = `Try ${MOMENT_EXAMPLES}`): DrError =>
  new DrError('TIME_INVALID', 'user', `${what}. Nothing was changed.`, { hint });
