import type { Ending, Outcome } from './asked.ts';
import { changeIncident, unknownIncident } from './change-incident.ts';
import { withDue } from './due.ts';
import { ended } from './ended.ts';
import { openOnly } from './holding.ts';
import type { Incident } from './incident.ts';
import { readIncident } from './incident-records.ts';
import { reopened } from './reopened.ts';
import { type View, wrongState } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Ends it; pages stop, here and at the pager. Where a cause lasts, it is opened again after half an hour. Throws NOT_FOUND,
 * WRONG_STATE (user), the latter also while a run of it is under way.
 */
export const resolve = (world: IncidentsWorld, asked: Ending): Promise<Outcome> => endAs(world, asked, 'resolved');

/** Ends it as none. Its causes are left alone until they were well once. Throws like `resolve`. */
export const notAnIncident = (world: IncidentsWorld, asked: Ending): Promise<Outcome> =>
  endAs(world, asked, 'not-an-incident');

async function endAs(
  world: IncidentsWorld,
  { incident: id, by, why, intake }: Ending,
  how: 'resolved' | 'not-an-incident',
): Promise<Outcome> {
  const before = await readIncident(world.store, id);
  if (!before) throw unknownIncident(id);
  if (before.state === 'open' && (await world.isRunUnderWay?.(before))) {
    throw wrongState(`A run of ${id} is under way; it ends first.`, '/dr status');
  }
  const decide = (incident: Incident, view: View): Incident => {
    openOnly(incident);
    return ended(incident, { how, by, why }, view);
  };
  return changeIncident(world, id, decide, { intake });
}

/** Opens it again and calls anew. Throws WRONG_STATE (user) unless it is resolved. */
export function reopen(world: IncidentsWorld, { incident: id, by, why, intake }: Ending): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident => {
    if (incident.state === 'open') throw wrongState(`${id} is open.`, `/dr incident show ${id}`);
    if (incident.state === 'merged') openOnly(incident);
    return withDue(reopened(incident, { by, why }, view), view);
  };
  return changeIncident(world, id, decide, { intake });
}
