import { asDrError, DrError, type IncidentId } from '#core';
import type { Stored } from '#ports';
import type { Outcome } from './asked.ts';
import { nextDeadline } from './deadlines.ts';
import type { Incident } from './incident.ts';
import { incidentsIn } from './incident-records.ts';
import { tellIncident } from './tell-incidents.ts';
import { type View, viewAt } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/** What becomes of an incident; undefined: it stays as it is. Without effects, since it may be asked several times. */
export type Decide = (incident: Incident, view: View) => Incident | undefined;

interface How {
  /** Makes it once: an incident that knows it already stays as it is. */
  readonly intake?: string | undefined;
  /** Instead of the store's clock. */
  readonly now?: Date | undefined;
}

/** So many keys are remembered; a client that repeats does so within seconds. */
const INTAKES_KEPT = 100;

/**
 * Decides by one compare-and-set, then tells what was decided. A crash in between, or a record that does not answer, leaves
 * the telling to the next tick. Throws NOT_FOUND (user) and what `decide` throws.
 */
export async function changeIncident(
  world: IncidentsWorld,
  id: IncidentId,
  decide: Decide,
  { intake, now }: How = {},
): Promise<Outcome> {
  const incidents = incidentsIn(world.store);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const seen = await incidents.get(id);
    if (!seen) throw unknownIncident(id);
    if (intake !== undefined && seen.value.intakes.includes(intake)) return { incident: seen.value, changed: false };
    const view = await viewAt(world, now ?? (await world.store.now()));
    const decided = decide(seen.value, view);
    if (!decided) return { incident: seen.value, changed: false };
    const next = sealed(intake === undefined ? decided : withIntake(decided, intake), view);
    if (await incidents.replace(seen, next)) return { incident: await toldNow(world, next), changed: true };
  }
  throw new DrError('STORE_UNAVAILABLE', 'transient', `${id} changed a hundred times while it was being changed.`);
}

/** What can be read off the rest, written where queries find it. */
export function sealed(incident: Incident, view: View): Incident {
  const { unmadePages, untoldEntries, pagerKeys } = incident;
  return {
    ...incident,
    changedAt: view.now,
    dueAt: nextDeadline(incident, view),
    untold: unmadePages.length > 0 || untoldEntries.length > 0,
    pagerOpen: pagerKeys.some(({ told, wanted }) => told !== undefined && !(told === 'resolved' && wanted === told)),
  };
}

/** A record that can't be told just now does not undo the decision. */
export async function toldNow(world: IncidentsWorld, incident: Incident): Promise<Incident> {
  try {
    return (await tellIncident(world, incident.id)) ?? incident;
  } catch (thrown) {
    if (asDrError(thrown).kind !== 'transient') throw thrown;
    return incident;
  }
}

const withIntake = (incident: Incident, intake: string): Incident => ({
  ...incident,
  intakes: [...incident.intakes, intake].slice(-INTAKES_KEPT),
});

export const unknownIncident = (id: string): DrError =>
  new DrError('NOT_FOUND', 'user', `There is no incident ${id}. Nothing was changed.`, { hint: '/dr incident' });

export type SeenIncident = Stored<Incident>;
