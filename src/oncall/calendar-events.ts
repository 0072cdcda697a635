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

/** What repeats more often is no duty. */
const MOST_OCCURRENCES = 3_000;

/**
 * Everything in a calendar of which some part lies in a time; repeated events are unfolded, with their exceptions. A shift at
 * nine is at nine in winter and in summer. What can't be understood is named with its line.
 */
export function unfoldCalendar(
  text: string,
  window: CalendarWindow,
): { readonly occurrences: readonly Occurrence[]; readonly mistakes: readonly CalendarMistake[] } {
  const lines = text.split(/\r?\n/).flatMap((each, index) => (/^BEGIN:VEVENT\s*$/i.test(each) ? [index + 1] : []));
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((component, index) => ({
    component,
    line: lines[index] ?? 0,
    uid: String(component.getFirstPropertyValue('uid') ?? ''),
    isChange: component.hasProperty('recurrence-id'),
  }));
  const lineOf = new Map(events.map(({ component, line }) => [component, line]));
  const occurrences: Occurrence[] = [];
  const mistakes: CalendarMistake[] = [];
  for (const { component, line, uid, isChange } of events) {
    if (isChange) continue;
    try {
      if (uid === '') throw new Error('the event has no UID');
      const changes = events.filter((each) => each.isChange && each.uid === uid).map((each) => each.component);
      for (const { item, from, until } of unfold(component, changes, window)) {
        const status = String(item.getFirstPropertyValue('status') ?? '').toUpperCase();
        if (status === 'CANCELLED' || until <= window.from || from >= until) continue;
        occurrences.push({ uid, line: lineOf.get(item) ?? line, ...wordsOf(item), from, until });
      }
    } catch (thrown) {
      mistakes.push({ line, sentence: thrown instanceof Error ? thrown.message : 'the event can not be read' });
    }
  }
  return { occurrences, mistakes };
}

function unfold(
  component: ICAL.Component,
  changes: readonly ICAL.Component[],
  { until, timeZone }: CalendarWindow,
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
  const found: { item: ICAL.Component; from: Date; until: Date }[] = [];
  const iterator = event.iterator();
  for (let count = 0; ; count += 1) {
    const next = iterator.next();
    if (!next || momentOf(next, zone) >= until) return found.filter((each) => each.from < until);
    if (count >= MOST_OCCURRENCES) throw new Error(`the event happens more than ${MOST_OCCURRENCES} times`);
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
