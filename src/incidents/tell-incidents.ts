import type { IncidentId } from '#core';
import { type ControlStore, changeRecord } from '#ports';
import { queueDirectMessage } from '#record';
import type { Incident, UntoldEntry } from './incident.ts';
import { incidentsIn } from './incident-records.ts';
import { insertPage } from './make-pages.ts';
import { questionCard } from './questions.ts';
import type { IncidentsWorld } from './world.ts';

/** A question to one person is of no use a day later. */
const DIRECT_FOR_MS = 24 * 3_600_000;

/**
 * Makes pages of what was decided to call, and writes into the record what was decided, in order. All of it is keyed by the
 * decision, so a crash at any point is made good by doing it again. Returns the incident afterwards.
 */
export async function tellIncident(world: IncidentsWorld, id: IncidentId): Promise<Incident | undefined> {
  const incidents = incidentsIn(world.store);
  const incident = (await incidents.get(id))?.value;
  if (!incident?.untold) return incident;
  // first the calls: they wake people, the words can wait
  for (const page of incident.unmadePages) await insertPage(world, id, page);
  for (const entry of incident.untoldEntries) await tell(world, id, entry);
  const made = new Set(incident.unmadePages.map((page) => page.id));
  const told = new Set(incident.untoldEntries.map((entry) => entry.id));
  return changeRecord(incidents, id, (current) => {
    const unmadePages = current.unmadePages.filter((page) => !made.has(page.id));
    const untoldEntries = current.untoldEntries.filter((entry) => !told.has(entry.id));
    return { ...current, unmadePages, untoldEntries, untold: unmadePages.length > 0 || untoldEntries.length > 0 };
  });
}

async function tell({ store, timeline }: IncidentsWorld, incident: IncidentId, entry: UntoldEntry): Promise<void> {
  const { id, kind, actor, text, notify, request } = entry;
  await timeline.append({
    id,
    incident,
    kind,
    actor,
    text,
    notify,
    inThread: true,
    ...(request ? { data: { request } } : {}),
  });
  for (const person of entry.direct) await askDirectly(store, incident, entry, person);
}

async function askDirectly(
  store: ControlStore,
  incident: IncidentId,
  { id, text, question }: UntoldEntry,
  person: UntoldEntry['notify'][number],
): Promise<void> {
  const until = new Date((await store.now()).getTime() + DIRECT_FOR_MS);
  const card = questionCard(question, incident, text);
  await queueDirectMessage(store, { id: `${id}/${person}`, person, card, until });
}
