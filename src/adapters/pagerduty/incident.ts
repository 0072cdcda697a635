import { z } from 'zod';
import type { PagerIncident } from '#ports';

const Reference = z.object({ id: z.string(), type: z.string().optional() });

/** What of PagerDuty's incident is read. Everything else is ignored, so that a new field breaks nothing. */
const Incident = z.object({
  id: z.string(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  html_url: z.string().nullish(),
  created_at: z.coerce.date(),
  last_status_change_at: z.coerce.date().nullish(),
  assignments: z.array(z.object({ assignee: Reference })).default([]),
  acknowledgements: z.array(z.object({ at: z.coerce.date(), acknowledger: Reference })).default([]),
  /** Who was called besides, whatever they answered. */
  incidents_responders: z.array(z.object({ user: Reference.nullish() })).default([]),
});
type Incident = z.output<typeof Incident>;

export const IncidentList = z.object({ incidents: z.array(Incident) });

/** The one that is open under a key, else the newest: a key may have been used again after its incident ended. */
export function current(incidents: readonly Incident[]): Incident | undefined {
  const newestFirst = [...incidents].sort((a, b) => b.created_at.getTime() - a.created_at.getTime());
  return newestFirst.find(({ status }) => status !== 'resolved') ?? newestFirst[0];
}

export const calledAlready = ({ assignments, incidents_responders: responders }: Incident): ReadonlySet<string> =>
  new Set([
    ...assignments.map(({ assignee }) => assignee.id),
    ...responders.flatMap(({ user }) => (user ? [user.id] : [])),
  ]);

/**
 * In our words. The key is the one that was asked for: PagerDuty leaves it out of incidents that are made of alerts.
 * An acknowledgement by a service (our own, through events) is nobody's.
 */
export const asPagerIncident = (key: string, incident: Incident): PagerIncident => ({
  key,
  id: incident.id,
  state: incident.status,
  acknowledgedBy: incident.acknowledgements
    .filter(({ acknowledger: { type } }) => type === undefined || type.startsWith('user'))
    .map(({ at, acknowledger }) => ({ user: acknowledger.id, at })),
  url: incident.html_url ?? undefined,
  changedAt: incident.last_status_change_at ?? incident.created_at,
});
