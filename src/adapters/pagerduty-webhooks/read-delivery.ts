import { z } from 'zod';
import { PagerDelivery } from '#ports';

const Reference = z.object({ id: z.string(), type: z.string().nullish() });

/** What of a v3 event is read. Everything else is ignored, so that a new field breaks nothing. */
const Incident = z.object({
  type: z.literal('incident'),
  id: z.string(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']).optional().catch(undefined),
  incident_key: z.string().nullish(),
});
const ResponderReply = z.object({
  type: z.literal('incident_responder'),
  incident: Reference,
  user: Reference.nullish(),
  state: z.enum(['pending', 'joined', 'declined']).optional().catch(undefined),
});
const Event = z.object({
  event: z.object({
    id: z.string(),
    event_type: z.string(),
    occurred_at: z.coerce.date(),
    agent: Reference.nullish(),
    data: z.discriminatedUnion('type', [Incident, ResponderReply]),
  }),
});

/** A delivery in our words; undefined for one that is nothing for us: a test, a service, a note, or a form we don't know. */
export function readDelivery(body: Buffer, webhookId: string): PagerDelivery | undefined {
  const read = Event.safeParse(jsonIn(body));
  if (!read.success) return undefined;
  const { id, event_type: type, occurred_at: occurredAt, agent, data } = read.data.event;
  const about =
    data.type === 'incident'
      ? {
          incident: { id: data.id, key: data.incident_key ?? undefined, state: data.status },
          who: personIn(agent),
        }
      : {
          incident: { id: data.incident.id },
          who: personIn(data.user),
          answer: data.state,
        };
  return PagerDelivery.safeParse({ id, webhook: webhookId, type, occurredAt, ...about }).data;
}

/** Services and integrations do things too; they are nobody. */
const personIn = (reference: z.output<typeof Reference> | null | undefined): string | undefined =>
  reference && (reference.type ?? 'user').startsWith('user') ? reference.id : undefined;

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
