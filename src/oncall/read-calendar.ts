import { asDrError, DrError, type PersonId, utc } from '#core';
import type { Plan } from '#plan';
import {
  type CalendarMistake,
  type CalendarWindow,
  MOST_OCCURRENCES,
  type Occurrence,
  unfoldCalendar,
} from './calendar-events.ts';
import type { Roster } from './roster.ts';

/** One person's time in a calendar. */
export interface Shift {
  /** The event's: the same event is the same shift, however often it is read. */
  readonly uid: string;
  readonly person: PersonId;
  readonly from: Date;
  readonly until: Date;
}

/** A larger file is another one than was meant. */
const MOST_CHARACTERS = 2_000_000;
const MISTAKES_SAID = 10;

/**
 * The shifts of an iCalendar text, in order. People are known by an attendee's e-mail address or name, else by the event's
 * title, exactly as the roster has them. Pure. Throws ARGUMENTS_INVALID (user) that names every event that can't be taken, with
 * its line: somebody unknown, two at a time, a zone nobody knows.
 */
export function readCalendar(text: string, plan: Plan, roster: Roster, window: CalendarWindow): Shift[] {
  if (text.length > MOST_CHARACTERS) throw refused(`it has more than ${MOST_CHARACTERS} characters`);
  const { occurrences, mistakes } = (() => {
    try {
      return unfoldCalendar(text, window);
    } catch (thrown) {
      throw refused(`it is no iCalendar: ${asDrError(thrown).message.split('\n')[0]?.slice(0, 80)}`, thrown);
    }
  })();
  const known = occurrences.flatMap((occurrence) => {
    const person = personOf(occurrence, plan, roster);
    return person ? [{ ...occurrence, person }] : [];
  });
  if (occurrences.length > MOST_OCCURRENCES) throw refused(`it has more than ${MOST_OCCURRENCES} shifts in a year`);
  const sorted = known.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  const all = [...mistakes, ...strangers(occurrences, plan, roster), ...doubles(sorted)];
  if (all.length === 0) return sorted.map(({ uid, person, from, until }) => ({ uid, person, from, until }));
  const inOrder = all.toSorted((a, b) => a.line - b.line);
  const more = inOrder.length > MISTAKES_SAID ? `; and ${inOrder.length - MISTAKES_SAID} more` : '';
  const said = inOrder.slice(0, MISTAKES_SAID).map(({ line, sentence }) => `line ${line}: ${sentence}`);
  throw refused(`${said.join('; ')}${more}`);
}

const refused = (why: string, cause?: unknown): DrError =>
  new DrError('ARGUMENTS_INVALID', 'user', `The calendar can not be taken. ${why}. Nothing was changed.`, {
    hint: "In each event: a person's name or e-mail address as in plan.yaml's roster. Correct the calendar, or add them there, and import it again.",
    cause,
  });

function personOf({ title, attendees }: Occurrence, plan: Plan, roster: Roster): PersonId | undefined {
  const called = [...attendees.flatMap(({ email, name }) => [email, name]), title];
  for (const words of called) {
    if (words === undefined || words === '') continue;
    const wanted = words.toLowerCase();
    const found = roster
      .people()
      .find(({ id, name }) => [id, name.toLowerCase(), plan.roster.people[id]?.email?.toLowerCase()].includes(wanted));
    if (found) return found.id;
  }
  return undefined;
}

/** One mistake an event, however often it happens. */
function strangers(occurrences: readonly Occurrence[], plan: Plan, roster: Roster): CalendarMistake[] {
  const unknown = occurrences.filter((each) => personOf(each, plan, roster) === undefined);
  return [...new Map(unknown.map((each) => [each.line, each])).values()].map(({ line, title, attendees }) => {
    const called = [...attendees.map(({ email, name }) => email ?? name), title].filter((words) => words);
    const shown = called.map(
      (words) =>
        `"${String(words)
          .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
          .slice(0, 60)}"`,
    );
    return { line, sentence: `nobody of the roster is ${shown.join(' or ') || 'named'}` };
  });
}

function doubles(sorted: readonly Occurrence[]): CalendarMistake[] {
  return sorted.flatMap((each, index) => {
    const before = sorted[index - 1];
    if (!before || each.from >= before.until) return [];
    return [{ line: each.line, sentence: `two have ${utc(each.from)}, this and the event of line ${before.line}` }];
  });
}
