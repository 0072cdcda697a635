import type { IncidentId } from '#core';
import { type Incident, openIncidents, readIncident } from '#incidents';
import type { Card } from '#ports';
import type { Flow } from '../flow.ts';
import { incidentCard } from './incident-card.ts';
import { incidentViewOf } from './incident-view.ts';

const QUICK_MS = 15_000;
const SLOW_MS = 60_000;
/** Slack takes some fifty edits a minute of one workspace, and runs need theirs. */
const MOST_QUICK = 3;
const QUICK_FOR_MS = 60 * 60_000;

/**
 * The card of an incident as it stands in the channel. Its clocks move on every quarter of a minute, or every minute once it
 * is old or one of many; what people or pages do shows at once. Undefined when there is no such incident.
 */
export function createIncidentCards<World>(flow: Flow<World>): (id: IncidentId) => Promise<Card | undefined> {
  const drawn = new Map<IncidentId, { readonly slot: number; readonly seen: string; readonly card: Card }>();
  return async (id) => {
    const incident = await readIncident(flow.store, id);
    if (!incident) return undefined;
    const now = (await flow.store.now()).getTime();
    const everyMs = await paceOf(incident, now, flow);
    const slot = Math.floor(now / everyMs);
    const seen = await changesOf(incident, flow);
    const last = drawn.get(id);
    // drawn again only when something moved: a measured number that trembles is no reason for an edit
    if (last?.slot === slot && last.seen === seen) return last.card;
    const view = await incidentViewOf(id, { now: new Date(slot * everyMs), everyMs }, flow);
    if (!view) return undefined;
    const card = incidentCard(view, flow);
    if (incident.state === 'open') drawn.set(id, { slot, seen, card });
    else drawn.delete(id);
    return card;
  };
}

async function paceOf<World>({ openedAt, severity }: Incident, now: number, flow: Flow<World>): Promise<number> {
  if (severity !== 'sev-1' || now - openedAt.getTime() > QUICK_FOR_MS) return SLOW_MS;
  return (await openIncidents(flow.store)).length > MOST_QUICK ? SLOW_MS : QUICK_MS;
}

/** Changes whenever something was decided: of the incident itself, or of a request it asked for. */
async function changesOf<World>({ changedAt, facts, proposals }: Incident, flow: Flow<World>): Promise<string> {
  const states = await Promise.all(
    proposals.map(async (id) => {
      const [request, run] = await Promise.all([flow.requests.get(id), flow.journal.get(id)]);
      return `${request?.revision}/${run?.revision}`;
    }),
  );
  return [changedAt.getTime(), facts, ...states].join(' ');
}
