import { z } from 'zod';
import { IncidentId } from '#core';
import type { ControlStore, Records } from '#ports';
import { Incident } from './incident.ts';
import { Page } from './page.ts';

export const incidentsIn = (store: ControlStore): Records<Incident> =>
  store.records('incidents', Incident, { indexed: ['state', 'untold', 'dueAt', 'pagerOpen', 'openedAt', 'changedAt'] });

export const pagesIn = (store: ControlStore): Records<Page> =>
  store.records('pages', Page, { indexed: ['state', 'notBefore', 'incident', 'pagerKey'] });

/** Which incident a cause belongs to: the newest that had it. */
const CauseSlot = z.object({ id: z.string(), incident: IncidentId });
export type CauseSlot = z.output<typeof CauseSlot>;

export const causeSlotsIn = (store: ControlStore): Records<CauseSlot> =>
  store.records('cause-slots', CauseSlot, { indexed: ['incident'] });

const MOST = 200;

/** An incident as it is now, or as it ended. Throws STORE_UNAVAILABLE (transient). */
export const readIncident = async (store: ControlStore, id: IncidentId): Promise<Incident | undefined> =>
  (await incidentsIn(store).get(id))?.value;

/** Every open incident, the oldest first. Throws STORE_UNAVAILABLE (transient). */
export async function openIncidents(store: ControlStore): Promise<Incident[]> {
  const query = { where: { state: 'open' }, sort: { by: 'openedAt', order: 'ascending' }, limit: MOST } as const;
  return (await incidentsIn(store).find(query)).map(({ value }) => value);
}

/** The incidents that changed last, whatever became of them, the newest first. */
export async function recentIncidents(store: ControlStore, limit: number): Promise<Incident[]> {
  const found = await incidentsIn(store).find({ sort: { by: 'changedAt', order: 'descending' }, limit });
  return found.map(({ value }) => value);
}

/** Every call that an incident caused, the oldest first. */
export async function pagesOf(store: ControlStore, incident: IncidentId): Promise<Page[]> {
  const found = await pagesIn(store).find({
    where: { incident },
    sort: { by: 'decidedAt', order: 'ascending' },
    limit: 1000,
  });
  return found.map(({ value }) => value);
}
