import { DateTime } from 'luxon';
import { bold, type IncidentId, type PersonId, type Text } from '#core';
import { type Called, changeSeverity, type Incident, severityWord, wouldCall } from '#incidents';
import { SEVERITY_NAMES, type SeverityName } from '#plan';
import type { Card } from '#ports';
import { buttons, card, lines, small } from '../../cards/parts.ts';
import { plain } from '../../errors-to-card.ts';
import type { Flow } from '../../flow.ts';
import { keepButton, raiseButton } from '../incident-buttons.ts';
import { type Acting, actorOf, chooseIncident } from './choose-incident.ts';

/**
 * Another severity. Raising wakes people, so it shows first whom and at what time of theirs; `sure` says that this was read.
 * Lowering wakes nobody and is done at once.
 */
export async function setSeverity<World>(
  { to, given, sure }: { readonly to: SeverityName; readonly given: IncidentId | undefined; readonly sure: boolean },
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow);
  const incident = await chooseIncident(given, by, flow);
  const { id, severity } = incident;
  const word = severityWord(to);
  if (severity === to) return plain(`${id} is ${word}.`, [[`${id} is ${word} already. Nothing was changed.`]]);
  if (isWorse(to, severity) && !sure) return priceOf(incident, to, flow);
  await changeSeverity(flow.incidents, { incident: id, by: person, to, intake: by.intake });
  const said = isWorse(to, severity) ? 'People are paged now.' : 'Who has it keeps it; nobody new is paged.';
  return plain(`${id} is ${word} now.`, [[bold(`${id} is ${word} now.`), ` ${said}`]]);
}

const isWorse = (a: SeverityName, b: SeverityName): boolean => SEVERITY_NAMES.indexOf(a) < SEVERITY_NAMES.indexOf(b);

/** Whom a raise would wake, before anybody is woken. */
async function priceOf<World>(incident: Incident, to: SeverityName, flow: Flow<World>): Promise<Card> {
  const now = await flow.store.now();
  const calls = await wouldCall(flow.incidents, incident, to, now);
  const step = `${severityWord(incident.severity)} -> ${severityWord(to)}`;
  const whom = wordsOf(calls, now, flow);
  return card(`${step} pages people. Nothing was changed yet.`, [
    lines([bold(step), ` ${whom}`]),
    buttons([raiseButton(incident, to), keepButton(incident)]),
    small('Nothing was changed yet.'),
  ]);
}

function wordsOf<World>(calls: readonly Called[], now: Date, { roster }: Flow<World>): string {
  const people = [...new Set(calls.flatMap((call) => call.people))];
  if (people.length === 0) return 'pages nobody: everybody who would be called has it already.';
  const clock = (person: PersonId): string =>
    DateTime.fromJSDate(now, { zone: roster.timeZone(person) }).toFormat('HH:mm');
  const [first = ''] = people.map(clock);
  const same = people.every((person) => clock(person) === first);
  const named = people.map((person) => (same ? roster.name(person) : `${roster.name(person)} (${clock(person)})`));
  const latest = Math.max(...calls.map(({ at }) => at.getTime()));
  const when = latest - now.getTime() > 60_000 ? 'by and by' : 'now';
  return `pages ${joined(named)} ${when}${same ? `, at ${first} their time` : ''}.`;
}

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** `Keep Sev-2`: nothing happens, and that is said. */
export async function keepSeverity<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  const { id, severity } = await chooseIncident(given, by, flow);
  const words: Text = [`${id} stays ${severityWord(severity)}. Nothing was changed.`];
  return plain(`${id} stays ${severityWord(severity)}.`, [words]);
}
