import { bold, type IncidentId } from '#core';
import { mergeInto, notAnIncident, reopen, resolve } from '#incidents';
import type { Card } from '#ports';
import { plain } from '../../errors-to-card.ts';
import type { Flow } from '../../flow.ts';
import { type Acting, actorOf, chooseIncident } from './choose-incident.ts';

interface Ending {
  readonly given: IncidentId | undefined;
  readonly why: string;
}

/** Ends it by somebody's word; while a run of it is under way that is refused. */
export async function resolveIncident<World>({ given, why }: Ending, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  await resolve(flow.incidents, { incident: id, by: person, why, intake: by.intake });
  return plain(`${id} is resolved.`, [[bold(`${id} is resolved.`), ` Pages stop. Not so? /dr incident reopen ${id}`]]);
}

/** Ends it as none, with the reason, which goes into the record. */
export async function dismissIncident<World>({ given, why }: Ending, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  await notAnIncident(flow.incidents, { incident: id, by: person, why, intake: by.intake });
  return plain(`${id} is not an incident.`, [
    [bold(`${id} is not an incident.`), ' Pages stop. Nobody is called for the same again until it was well once.'],
    [`Not so? /dr incident reopen ${id}`],
  ]);
}

export async function reopenIncident<World>({ given, why }: Ending, by: Acting, flow: Flow<World>): Promise<Card> {
  const person = actorOf(by, flow);
  const { id } = await chooseIncident(given, by, flow);
  await reopen(flow.incidents, { incident: id, by: person, why, intake: by.intake });
  return plain(`${id} is open again.`, [[bold(`${id} is open again.`), ' People are paged anew.']]);
}

/** Two that are the same: the first goes on in the second. */
export async function mergeIncidents<World>(
  { from, into }: { readonly from: IncidentId; readonly into: IncidentId },
  by: Acting,
  flow: Flow<World>,
): Promise<Card> {
  const person = actorOf(by, flow);
  await mergeInto(flow.incidents, { incident: from, into, by: person, intake: by.intake });
  return plain(`${from} goes on in ${into}.`, [[bold(`${from} goes on in ${into}.`), ' Its own pages stop.']]);
}
