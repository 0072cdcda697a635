import { type PagerDutySettings, type Person, SERVICE } from './settings.ts';
import type { Agent, Incident, Responder } from './shapes.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** PagerDuty's references to things: where they are found beside their names. */
export interface Links {
  readonly apiUrl: string;
  readonly settings: PagerDutySettings;
}

const nameOf = ({ settings }: Links, id: string): string =>
  id === SERVICE.id ? settings.serviceName : (settings.people.find((each) => each.id === id)?.name ?? id);

export const reference = (links: Links, type: string, path: string, id: string) => ({
  id,
  type,
  summary: nameOf(links, id),
  self: `${links.apiUrl}/${path}/${id}`,
  html_url: `${links.apiUrl}/ui/${path}/${id}`,
});

const userReference = (links: Links, id: string) => reference(links, 'user_reference', 'users', id);

export const agentReference = (links: Links, agent: Agent) =>
  agent.type === 'user_reference'
    ? userReference(links, agent.id)
    : reference(links, 'service_reference', 'services', agent.id);

export const userShape = (links: Links, { id, name, email }: Person) => ({
  ...reference(links, 'user', 'users', id),
  name,
  email,
});

export const responderShape = (links: Links, incident: Incident, responder: Responder) => ({
  state: responder.state,
  user: userReference(links, responder.user),
  incident: reference(links, 'incident_reference', 'incidents', incident.id),
  requested_at: iso(responder.requestedAt),
  message: responder.message,
});

/** The incident as REST shows it. */
export const incidentShape = (links: Links, incident: Incident) => ({
  ...reference(links, 'incident', 'incidents', incident.id),
  summary: `[#${incident.number}] ${incident.title}`,
  incident_number: incident.number,
  incident_key: incident.key,
  title: incident.title,
  status: incident.status,
  urgency: incident.severity === 'info' || incident.severity === 'warning' ? 'low' : 'high',
  created_at: iso(incident.createdAt),
  last_status_change_at: iso(incident.changedAt),
  service: reference(links, 'service_reference', 'services', SERVICE.id),
  assignments: incident.assignees.map((id) => ({ at: iso(incident.createdAt), assignee: userReference(links, id) })),
  acknowledgements: incident.acknowledgements.map(({ at, by }) => ({
    at: iso(at),
    acknowledger: agentReference(links, by),
  })),
  incidents_responders: incident.responders.map((each) => responderShape(links, incident, each)),
  alert_counts: { all: incident.alsoTriggered + 1 },
});

/** The incident as webhooks carry it: fewer fields than REST, other names. */
export const webhookIncident = (links: Links, incident: Incident) => ({
  ...reference(links, 'incident', 'incidents', incident.id),
  number: incident.number,
  status: incident.status,
  incident_key: incident.key,
  created_at: iso(incident.createdAt),
  title: incident.title,
  service: reference(links, 'service_reference', 'services', SERVICE.id),
  assignees: incident.assignees.map((id) => userReference(links, id)),
  urgency: 'high',
  resolve_reason: null,
});
