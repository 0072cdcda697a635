import type { Asked } from '#chatops';
import { DrError, type IncidentId, type PersonId } from '#core';
import { type Incident, openIncidents, readIncident } from '#incidents';
import { authoriseSteering } from '../../authorise.ts';
import type { Flow } from '../../flow.ts';
import { incidentLine } from '../incident-words.ts';

/** Who acts on an incident, from where, under which key. */
export type Acting = Pick<Asked, 'person' | 'name' | 'via' | 'intake' | 'incident' | 'timeZone'>;

/** Whether they may; returns who it is. Guests open incidents and look at them, nothing else. Throws NOT_ALLOWED (user). */
export const actorOf = <World>(
  by: Acting,
  flow: Flow<World>,
  rule: 'incident-change' | 'page' = 'incident-change',
): PersonId => authoriseSteering(rule, by, flow);

/**
 * The incident that is meant: the one that is named, else the one in whose thread it was said, else the only one that is
 * open. Throws NOT_FOUND (user), with the list where there are several.
 */
export async function chooseIncident<World>(
  given: IncidentId | undefined,
  { incident: ofThread }: Pick<Acting, 'incident'>,
  flow: Flow<World>,
): Promise<Incident> {
  const id = given ?? ofThread;
  if (id) {
    const found = await readIncident(flow.store, id);
    if (found) return found;
    throw new DrError('NOT_FOUND', 'user', `There is no ${id}. Nothing was changed.`, { hint: '/dr incident' });
  }
  const open = await openIncidents(flow.store);
  const [only] = open;
  if (only && open.length === 1) return only;
  if (!only) {
    throw new DrError('NOT_FOUND', 'user', 'No incident is open. Nothing was changed.', {
      hint: '/dr incident open "what you see"',
    });
  }
  const shown = open.slice(0, 8).flatMap((incident) => [...incidentLine(incident), '\n']);
  throw new DrError('NOT_FOUND', 'user', `${open.length} incidents are open. Nothing was changed.`, {
    hint: `the same with the one you mean at its end: ${only.id}`,
    data: { text: [`${open.length} incidents are open; which one? Nothing was changed.\n`, ...shown] },
  });
}
