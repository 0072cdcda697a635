import { DateTime, Duration, IANAZone } from 'luxon';
import { DrError } from './errors.ts';
import { utc } from './format.ts';

const CLOCK = /^(?:(today|tomorrow|yesterday|\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(.*)$/i;

/** How a moment by the clock is read. */
interface ReadClock {
  /** What may be typed instead, for whoever typed something else. */
  readonly examples: string;
  /** The zone that `my time` means; without it nobody has one. */
  readonly ownZone?: string;
}

/** `2026-11-23 14:03:20 UTC`, `tomorrow 09:00 America/New_York`. Throws TIME_INVALID (user) for two moments or none. */
export function readClock(text: string, now: Date, { examples, ownZone }: ReadClock): Date {
  const [, day = 'today', hour = '', minute = '', second = '0', zoneText = ''] = CLOCK.exec(text) ?? [];
  if (hour === '') throw invalidTime(`"${text.slice(0, 60)}" is not a time`, `Try ${examples}`);
  const zone = zoneOf(zoneText.trim(), ownZone);
  if (zone === undefined) throw invalidTime(`"${zoneText.trim().slice(0, 40)}" is not a time zone`, `Try ${examples}`);
  const date = dateOf(day.toLowerCase(), DateTime.fromJSDate(now, { zone }));
  const wanted = { ...date, hour: Number(hour), minute: Number(minute), second: Number(second) };
  const local = DateTime.fromObject(wanted, { zone });
  if (!local.isValid) throw invalidTime(`"${text.slice(0, 60)}" is no time that exists`, `Try ${examples}`);
  const isOver = local.toMillis() <= now.getTime();
  if (local.hour !== wanted.hour || local.minute !== wanted.minute) {
    const what = isOver ? 'did not happen: the clocks went forward then' : 'will not be: the clocks go forward then';
    throw invalidTime(`${text} ${what}`, 'Say it in UTC.');
  }
  const possible = local.getPossibleOffsets();
  if (possible.length > 1) {
    const both = possible.map((each) => utc(each.toJSDate())).join(' or ');
    const what = isOver ? 'happened twice: the clocks went back then' : 'will be twice: the clocks go back then';
    throw invalidTime(`${text} ${what}`, `Say which: ${both}`);
  }
  return local.toJSDate();
}

/** `10`, `minutes`: seconds, minutes, hours or days, by the first letter. */
export function durationOf(amount: string, unit: string): Duration {
  const name = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' }[unit.charAt(0).toLowerCase()] ?? 'seconds';
  return Duration.fromObject({ [name]: Number(amount) });
}

function dateOf(day: string, today: DateTime): { year: number; month: number; day: number } {
  const aside = { yesterday: -1, today: 0, tomorrow: 1 }[day];
  if (aside !== undefined) {
    const when = today.plus({ days: aside });
    return { year: when.year, month: when.month, day: when.day };
  }
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, day: date };
}

function zoneOf(text: string, ownZone: string | undefined): string | undefined {
  if (text === '' || /^(z|utc|gmt)$/i.test(text)) return 'utc';
  if (/^my time$/i.test(text)) return ownZone;
  if (/^[+-]\d{1,2}(:?\d{2})?$/.test(text)) return `utc${text}`;
  return IANAZone.isValidZone(text) ? text : undefined;
}

export const invalidTime = (what: string, hint: string): DrError =>
  new DrError('TIME_INVALID', 'user', `${what}. Nothing was changed.`, { hint });
