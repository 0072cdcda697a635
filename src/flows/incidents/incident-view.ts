import { readRpo, rpoNow } from '#capture';
import type { IncidentId } from '#core';
import { type Called, type Incident, nextCalls, openCauses, openIncidents, readIncident } from '#incidents';
import type { RequestView } from '../cards/request-view.ts';
import type { Flow } from '../flow.ts';
import { viewOf } from '../view-of.ts';

/** What would be lost now, in ms, or since when nobody can say. */
export type RpoShown = { readonly ms: number } | { readonly unknownSince: Date | undefined };

/** Everything an incident's card needs, gathered once: cards themselves ask nobody. */
export interface IncidentView {
  readonly incident: Incident;
  readonly now: Date;
  /** How often the card is made anew while nothing else changes, in ms. */
  readonly everyMs: number;
  /** Who is called next, the soonest first. */
  readonly calls: readonly Called[];
  readonly proposals: readonly RequestView[];
  readonly rpo: RpoShown;
  /** Nobody looks any more: since when, and why. What the card says of the system is then of that time. */
  readonly blind: { readonly since: Date; readonly why: string } | undefined;
}

/** Whose plan and people cards speak of. */
export type CardWorld = Pick<Flow<never>, 'plan' | 'roster'>;

/** Gathers what an incident's card shows, as of `now`; undefined when there is no such incident. */
export async function incidentViewOf<World>(
  id: IncidentId,
  { now, everyMs }: { readonly now: Date; readonly everyMs: number },
  flow: Flow<World>,
): Promise<IncidentView | undefined> {
  const incident = await readIncident(flow.store, id);
  if (!incident) return undefined;
  const isOpen = incident.state === 'open';
  const views = await Promise.all(incident.proposals.map((request) => viewOf(request, flow)));
  return {
    incident,
    now,
    everyMs,
    calls: isOpen ? await nextCalls(flow.incidents, incident) : [],
    proposals: views.flatMap((view) => view ?? []),
    rpo: isOpen ? await rpoShown(now, flow) : { unknownSince: undefined },
    blind: isOpen ? await blindness(flow) : undefined,
  };
}

async function rpoShown<World>(now: Date, { store, plan }: Flow<World>): Promise<RpoShown> {
  const record = plan.mongodb.continuous.enabled ? await readRpo(store) : undefined;
  const measured = record && rpoNow(record, now);
  if (!measured) return { unknownSince: undefined };
  return measured.measured ? { ms: measured.ms } : { unknownSince: measured.since };
}

/** The finding that no detector reports at all; one that is blind leaves the others. */
const NO_DETECTOR = 'detectors/silent';

/** That nobody looks is a finding itself, and so the cause of an incident. */
async function blindness<World>({ store }: Flow<World>): Promise<IncidentView['blind']> {
  const silent = (await openIncidents(store)).flatMap(openCauses).find(({ key }) => key === NO_DETECTOR);
  return silent && { since: silent.since, why: silent.title };
}
