import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';
import { findIana } from 'windows-iana';
import { dayNumber, firstMoment } from './clock-moment.ts';

const TIMES = ['dtstart', 'dtend', 'recurrence-id', 'exdate', 'rdate'] as const;

/** The zone whose clocks an event follows. Throws Error for one nobody knows. */
export const zoneOfEvent = (event: ICAL.Component, otherwise: string): string =>
  zoneOf(event.getFirstProperty('dtstart'), otherwise);

/**
 * Turns every time of an event into one by the zone's clock on the wall. Whether the file brings its zones along, or writes an
 * exception in UTC, then makes no difference. Throws as `zoneOfEvent` does.
 */
export function putOnTheWall(event: ICAL.Component, zone: string, otherwise: string): void {
  for (const property of TIMES.flatMap((name) => event.getAllProperties(name))) {
    const own = zoneOf(property, otherwise);
    const values = property.getValues().map((value) => (value instanceof ICAL.Time ? moved(value, own, zone) : value));
    property.removeParameter('tzid');
    if (property.isMultiValue) property.setValues(values);
    else property.setValue(values[0]);
  }
  const rule = event.getFirstPropertyValue('rrule');
  if (rule instanceof ICAL.Recur && rule.until instanceof ICAL.Time) {
    rule.until = moved(rule.until, rule.until.zone === ICAL.Timezone.utcTimezone ? 'UTC' : zone, zone);
  }
}

/** The moment at which the zone's clock shows this time; a date begins at midnight. Throws Error for what is no time. */
export function momentOf(time: ICAL.Time, zone: string): Date {
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${String(time.year).padStart(4, '0')}-${two(time.month)}-${two(time.day)}`;
  const moment = firstMoment(dayNumber(day), time.isDate ? '00:00' : `${two(time.hour)}:${two(time.minute)}`, zone);
  if (Number.isNaN(moment.getTime())) throw new Error('the event has a time that is none');
  return moment;
}

function zoneOf(property: ICAL.Property | null, otherwise: string): string {
  const named = property?.getParameter('tzid');
  const value = property?.getFirstValue();
  if (typeof named !== 'string') {
    return value instanceof ICAL.Time && value.zone === ICAL.Timezone.utcTimezone ? 'UTC' : otherwise;
  }
  const zone = named.replace(/^\//, '');
  if (IANAZone.isValidZone(zone)) return zone;
  // as Outlook and Exchange call it; the first is the one that stands for all of it
  const [place] = findIana(zone);
  if (place !== undefined) return place;
  throw new Error(`"${zone.slice(0, 40)}" is not a time zone; Europe/Berlin would be one`);
}

function moved(time: ICAL.Time, from: string, to: string): ICAL.Time {
  const { year, month, day, hour, minute, second, isDate } = time;
  if (isDate || from === to) return floating({ year, month, day, hour, minute, second, isDate });
  const there = DateTime.fromJSDate(momentOf(time, from), { zone: to }).toObject();
  return floating({ ...there, isDate: false });
}

/** A time that is bound to no zone: it is compared by what the clock shows. */
const floating = (parts: ConstructorParameters<typeof ICAL.Time>[0]): ICAL.Time =>
  new ICAL.Time(parts, ICAL.Timezone.localTimezone);
