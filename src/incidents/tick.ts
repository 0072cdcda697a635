import { changeIncident } from './change-incident.ts';
import { afterDue } from './due.ts';
import type { Incident } from './incident.ts';
import { incidentsIn } from './incident-records.ts';
import { tellIncident } from './tell-incidents.ts';
import type { IncidentsWorld } from './world.ts';

/** So many a tick; the next one goes on. */
const MOST = 500;

/**
 * Does what is due at `now` in every open incident, in the order of its time, once, and tells what is not told yet. Everything
 * is read from the store each time, so a restart or a day of downtime loses nothing: what is overdue is done at once. Whoever
 * calls it holds a lease, but two at once do it once all the same. Throws STORE_UNAVAILABLE.
 */
export async function tick(world: IncidentsWorld, now: Date): Promise<void> {
  const incidents = incidentsIn(world.store);
  const due = await incidents.find({
    where: { state: 'open', dueAt: { below: new Date(now.getTime() + 1) } },
    sort: { by: 'dueAt', order: 'ascending' },
    limit: MOST,
  });
  for (const { value } of due) {
    const isBusy = await isRunUnderWay(world, value);
    await changeIncident(world, value.id, (incident, view) => afterDue(incident, view, isBusy), { now });
  }
  const untold = await incidents.find({ where: { untold: true }, limit: MOST });
  for (const { value } of untold) await tellIncident(world, value.id);
}

/** Asked only where it matters: before an incident resolves itself. */
const isRunUnderWay = async (world: IncidentsWorld, incident: Incident): Promise<boolean> =>
  incident.recoveringSince !== undefined && ((await world.isRunUnderWay?.(incident)) ?? false);
