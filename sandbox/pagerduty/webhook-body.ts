import { randomUUID } from 'node:crypto';
import { agentReference, type Links, reference, webhookIncident } from './rest-shapes.ts';
import type { Change } from './shapes.ts';

export interface WebhookEvent {
  readonly id: string;
  readonly event_type: string;
  readonly [field: string]: unknown;
}

/** The event of a change, in the form of v3 webhooks; none for what PagerDuty tells nobody. */
export function webhookEvent(links: Links, change: Change): WebhookEvent | undefined {
  if (change.kind === 'notified') return undefined;
  return {
    id: randomUUID(),
    event_type: change.type,
    resource_type: 'incident',
    occurred_at: new Date(change.at).toISOString(),
    agent: agentReference(links, change.by),
    client: null,
    data:
      change.kind === 'incident'
        ? webhookIncident(links, change.incident)
        : {
            type: 'incident_responder',
            // A responder's incident is a reference: without its key.
            incident: reference(links, 'incident_reference', 'incidents', change.incident.id),
            user: reference(links, 'user_reference', 'users', change.responder.user),
            escalation_policy: null,
            message: change.responder.message,
            state: change.responder.state,
          },
  };
}

/** What the button "Send test event" sends. */
export const pingEvent = (now: number): WebhookEvent => ({
  id: randomUUID(),
  event_type: 'pagey.ping',
  resource_type: 'pagey',
  occurred_at: new Date(now).toISOString(),
  agent: null,
  client: null,
  data: { message: 'Hello from your friend Pagey!', type: 'ping' },
});
