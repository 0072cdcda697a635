import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Page, paged } from './pages.ts';
import { writerOf } from './rest-access.ts';
import type { RestParts } from './rest-parts.ts';
import { invalidInput, notFound, RestRefusal } from './rest-refusal.ts';
import { incidentShape, reference, responderShape } from './rest-shapes.ts';
import type { Agent, Incident } from './shapes.ts';

const MONTH_MS = 30 * 86_400_000;
const Status = z.enum(['triggered', 'acknowledged', 'resolved']);

const Search = z.object({
  incident_key: z.string().optional(),
  'statuses[]': z.union([Status, z.array(Status)]).optional(),
  date_range: z.literal('all').optional(),
  since: z.coerce.date().optional(),
  until: z.coerce.date().optional(),
  sort_by: z.string().optional(),
  ...Page,
});

const Update = z.object({
  incident: z.object({ type: z.enum(['incident', 'incident_reference']), status: Status.optional() }),
});

const Request = z.object({
  requester_id: z.string(),
  message: z.string(),
  responder_request_targets: z
    .array(z.object({ responder_request_target: z.object({ id: z.string(), type: z.literal('user_reference') }) }))
    .min(1),
});

/** Incidents over REST: looked for by key, acknowledged and resolved in somebody's name, others called to them. */
export function serveIncidents(server: FastifyInstance, { account, settings, now, links }: RestParts): void {
  const found = (request: FastifyRequest): Incident => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const incident = account.incidents.find((each) => each.id === id || String(each.number) === id);
    if (incident === undefined) throw notFound();
    return incident;
  };

  server.get('/incidents', async (request) => {
    const search = parsed(Search, request.query);
    const statuses = [search['statuses[]'] ?? []].flat();
    // Unless asked for, older ones are not looked at.
    const since = search.date_range === 'all' ? 0 : (search.since?.getTime() ?? now() - MONTH_MS);
    const until = search.date_range === 'all' ? Number.POSITIVE_INFINITY : (search.until?.getTime() ?? now() + 1);
    const matching = account.incidents
      .filter(({ key }) => search.incident_key === undefined || key === search.incident_key)
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
      .filter(({ createdAt }) => createdAt >= since && createdAt < until)
      .toSorted((a, b) => (search.sort_by === 'created_at:desc' ? b.createdAt - a.createdAt : a.number - b.number));
    return paged(
      'incidents',
      matching.map((incident) => incidentShape(links(), incident)),
      search,
    );
  });

  server.get('/incidents/:id', async (request) => ({ incident: incidentShape(links(), found(request)) }));

  server.put('/incidents/:id', async (request) => {
    const by: Agent = { type: 'user_reference', id: writerOf(settings, request).id };
    const incident = found(request);
    const { status } = parsed(Update, request.body).incident;
    if (status === 'triggered') throw new RestRefusal(400, 1003, 'Invalid Status Provided');
    if (status === 'acknowledged' && !account.acknowledge(incident.id, by)) throw alreadyResolved();
    if (status === 'resolved' && !account.resolve(incident.id, by)) throw alreadyResolved();
    return { incident: incidentShape(links(), found(request)) };
  });

  server.post('/incidents/:id/responder_requests', async (request) => {
    const writer = writerOf(settings, request);
    const incident = found(request);
    const order = parsed(Request, request.body);
    const users = order.responder_request_targets.map((each) => each.responder_request_target.id);
    const known = (id: string): boolean => settings.people.some((person) => person.id === id);
    if (!known(order.requester_id)) throw new RestRefusal(400, 1008, 'Requester User Not Found');
    const unknown = users.filter((id) => !known(id));
    if (unknown.length > 0) throw invalidInput(`Responder request target not found: ${unknown.join(', ')}`);
    if (incident.status === 'resolved') throw alreadyResolved();
    const by: Agent = { type: 'user_reference', id: writer.id };
    const responders = account.request(incident.id, users, order.message, by);
    return {
      responder_request: {
        incident: reference(links(), 'incident_reference', 'incidents', incident.id),
        requester: reference(links(), 'user_reference', 'users', order.requester_id),
        requested_at: new Date(now()).toISOString(),
        message: order.message,
        responder_request_targets: responders.map((responder) => ({
          responder_request_target: {
            type: 'user',
            id: responder.user,
            incidents_responders: [responderShape(links(), incident, responder)],
          },
        })),
      },
    };
  });
}

const alreadyResolved = (): RestRefusal => new RestRefusal(400, 1001, 'Incident Already Resolved');

function parsed<Shape extends z.ZodType>(shape: Shape, given: unknown): z.output<Shape> {
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  throw invalidInput(...read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
}
