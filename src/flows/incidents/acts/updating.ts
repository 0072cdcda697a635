import { at, bold, type IncidentId, outside, say, utc } from '#core';
import { type Incident, openCauses, postponeUpdate, postUpdate } from '#incidents';
import type { Plan } from '#plan';
import type { Card } from '#ports';
import { plain } from '../../errors-to-card.ts';
import type { Flow } from '../../flow.ts';
import { type Acting, actorOf, chooseIncident } from './choose-incident.ts';

const LATER_MS = 15 * 60_000;

/** The word to stakeholders. */
export async function sayUpdate<World>(
  { text, given }: { readonly text: string; readonly given: IncidentId | undefined },
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  const { incident } = await postUpdate(flow.incidents, { incident: id, by: person, text, intake: by.intake });
  return plain(`${id}: the update is posted.`, [
    say`${bold('Posted')} for ${id}: ${outside(text)}`,
    say`The next one is due ${at(incident.updateDueAt)}.`,
  ]);
}

/** `In 15 min`. */
export async function remindLater<World>(given: IncidentId | undefined, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  const until = new Date((await flow.store.now()).getTime() + LATER_MS);
  await postponeUpdate(flow.incidents, { incident: id, by: person, until, intake: by.intake });
  return plain('You are reminded later.', [say`You are reminded of the update on ${id} at ${at(until)}.`]);
}

/** What could be said now, for somebody to change: what users notice, since when, what is done about it, and when more is said. */
export function draftOf(incident: Incident, { system, severities }: Plan, isMoving: boolean, now: Date): string {
  const clock = (time: Date): string => `${utc(time).slice(11, 16)} UTC`;
  const next = new Date(now.getTime() + severities[incident.severity].updateEveryMinutes * 60_000);
  const effect = incident.severity === 'sev-1' ? system.effectWhenDown : `${system.name} works with restrictions.`;
  const since = openCauses(incident)[0]?.since ?? incident.since;
  const doing = isMoving ? 'We are moving to our second region.' : 'We are working on it.';
  return `${effect} This is so since ${clock(since)}. ${doing} Next update ${clock(next)}.`;
}
