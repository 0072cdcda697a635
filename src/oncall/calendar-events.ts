import ICAL from 'ical.js';
import { momentOf, putOnTheWall, zoneOfEvent } from './calendar-zone.ts';

/** One time at which an event of a calendar happens. */
export interface Occurrence {
  readonly uid: string;
  /** Where its `BEGIN:VEVENT` stands. */
  readonly line: number;
  readonly title: string;
  readonly attendees: readonly { readonly email: string | undefined; readonly name: string | undefined }[];
  readonly from: Date;
  readonly until: Date;
}

export interface CalendarMistake {
  readonly line: number;
  readonly sentence: string;
}

export interface CalendarWindow {
  readonly from: Date;
  readonly until: Date;
  /** Of times that name no zone. */
  readonly timeZone: string;
}

/** Every page reads a role's shifts, and nobody has more than four a day. */
export const MOST_OCCURRENCES = 1_500;
/** Of all events together, from where each began: what repeats more often is no duty, and would be counted for minutes. */
const MOST_STEPS = 20_000;
/** The clocks of two zones are never further apart. */
const CLOCKS_APART_MS = 2 * 24 * 60 * 60_000;

/**
 * Everything in a calendar of which some part lies in a time; repeated events are unfolded, with their exceptions. A shift at
 * nine is at nine in winter and in summer. What can't be understood is named with its line. Throws Error for what is no calendar.
 */
export function unfoldCalendar(
  text: string,
  window: CalendarWindow,
): { readonly occurrences: readonly Occurrence[]; readonly mistakes: readonly CalendarMistake[] } {
  const events = eventsOf(text);
  const lineOf = new Map(events.map(({ component, line }) => [component, line]));
  const changesOf = Map.groupBy(
    events.filter(({ isChange }) => isChange),
    ({ uid }) => uid,
  );
  const steps = { left: MOST_STEPS };
  const occurrences: Occurrence[] = [];
  const mistakes: CalendarMistake[] = [];
  for (const { component, line, uid, isChange } of events) {
    if (isChange) continue;
    try {
      if (steps.left <= 0) throw tooOften();
      if (uid === '') throw new Error('the event has no UID');
      if (!component.hasProperty('dtstart')) throw new Error('the event has no DTSTART');
      const changes = (changesOf.get(uid) ?? []).map((each) => each.component);
      for (const { item, from, until } of unfold(component, changes, window, steps)) {
        const status = String(item.getFirstPropertyValue('status') ?? '').toUpperCase();
        if (status === 'CANCELLED' || (until <= window.from && from <= window.from)) continue;
        const at = lineOf.get(item) ?? line;
        if (from >= until) mistakes.push({ line: at, sentence: 'the event has no end after its beginning' });
        else occurrences.push({ uid, line: at, ...wordsOf(item), from, until });
      }
    } catch (thrown) {
      mistakes.push({ line, sentence: thrown instanceof Error ? thrown.message : 'the event can not be read' });
    }
  }
  return { occurrences, mistakes };
}

/** The events of every calendar in a file, as they stand there. */
function eventsOf(text: string) {
  // Windows programs put a mark in front that is no part of the text.
  const plain = text.replace(/^\uFEFF/, '');
  const lines = plain.split(/\r?\n/).flatMap((each, index) => (/^BEGIN:VEVENT\s*$/i.test(each) ? [index + 1] : []));
  const parsed: readonly unknown[] = ICAL.parse(plain);
  const calendars = (Array.isArray(parsed[0]) ? parsed : [parsed]).map(
    (each) => new ICAL.Component(each as ConstructorParameters<typeof ICAL.Component>[0]),
  );
  const other = calendars.find(({ name }) => name !== 'vcalendar');
  if (other) throw new Error(`it begins with ${other.name.toUpperCase().slice(0, 20)}`);
  const components = calendars.flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  return components.map((component, index) => ({
    component,
    line: lines[index] ?? 0,
    uid: String(component.getFirstPropertyValue('uid') ?? ''),
    isChange: component.hasProperty('recurrence-id'),
  }));
}

const tooOften = (): Error => new Error('the event repeats too often, with all before it');

function unfold(
  component: ICAL.Component,
  changes: readonly ICAL.Component[],
  { from, until, timeZone }: CalendarWindow,
  steps: { left: number },
): { item: ICAL.Component; from: Date; until: Date }[] {
  const zone = zoneOfEvent(component, timeZone);
  for (const each of [component, ...changes]) putOnTheWall(each, zone, timeZone);
  const event = new ICAL.Event(component, { exceptions: [...changes] });
  const at = (item: ICAL.Event, start: ICAL.Time, end: ICAL.Time) => ({
    item: item.component,
    from: momentOf(start, zone),
    until: momentOf(end, zone),
  });
  if (!event.isRecurring()) {
    const once = at(event, event.startDate, event.endDate);
    return once.from < until ? [once] : [];
  }
  const overBefore = from.getTime() - event.duration.toSeconds() * 1_000 - CLOCKS_APART_MS;
  // An exception may move what began long ago to now.
  const isLongOver = ({ year, month, day }: ICAL.Time): boolean =>
    changes.length === 0 && Date.UTC(year, month - 1, day) < overBefore;
  const found: { item: ICAL.Component; from: Date; until: Date }[] = [];
  const iterator = event.iterator();
  for (;;) {
    const next = iterator.next();
    if (steps.left <= 0) throw tooOften();
    steps.left -= 1;
    if (!next || (!isLongOver(next) && momentOf(next, zone) >= until)) return found.filter((each) => each.from < until);
    if (isLongOver(next)) continue;
    if (found.length >= MOST_OCCURRENCES) throw new Error(`the event happens more than ${MOST_OCCURRENCES} times`);
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    found.push(at(item, startDate, endDate));
  }
}

function wordsOf(item: ICAL.Component): Pick<Occurrence, 'title' | 'attendees'> {
  return {
    title: String(item.getFirstPropertyValue('summary') ?? '').trim(),
    attendees: item.getAllProperties('attendee').map((attendee) => {
      const name = attendee.getParameter('cn');
      const address = /^mailto:(.+)$/i.exec(String(attendee.getFirstValue() ?? ''))?.[1];
      return { email: address?.trim(), name: typeof name === 'string' ? name.trim() : undefined };
    }),
  };
}
