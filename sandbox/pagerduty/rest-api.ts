import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Page, paged } from './pages.ts';
import { callerOf } from './rest-access.ts';
import { serveIncidents } from './rest-incidents.ts';
import type { RestParts } from './rest-parts.ts';
import { invalidInput, notFound, RestRefusal } from './rest-refusal.ts';
import { reference, userShape } from './rest-shapes.ts';
import { type PagerDutySettings, SERVICE } from './settings.ts';
import { SlidingMinute } from './sliding-minute.ts';

/** What of the REST API a pager needs: users, who is on call, incidents. */
export function serveRest(server: FastifyInstance, parts: RestParts): void {
  const { settings, links } = parts;
  const limit = new SlidingMinute(settings.limits.restPerMinute, parts.now);
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof RestRefusal) return reply.code(error.status).send(error.body());
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    return reply
      .code(status)
      .send({ error: { message: 'Arguments Caused Error', code: 2002, errors: [String(error)] } });
  });
  server.addHook('preHandler', async (request, reply) => {
    if (request.url.startsWith('/v2/')) return;
    const wait = limit.take(callerOf(settings, request).token);
    if (wait === undefined) return;
    const headers = {
      'ratelimit-limit': settings.limits.restPerMinute,
      'ratelimit-remaining': 0,
      'ratelimit-reset': wait,
    };
    await reply
      .code(429)
      .headers(headers)
      .send(new RestRefusal(429, 2020, 'Rate Limit Exceeded').body());
  });
  server.get('/users/me', async (request) => {
    const { user } = callerOf(settings, request);
    if (user === undefined) throw invalidInput('this endpoint needs a user-level token');
    return { user: userShape(links(), user) };
  });
  server.get('/users/:id', async (request) => ({ user: userShape(links(), personOf(settings, request)) }));
  server.get('/users', async (request) => {
    const { query, ...page } = z.object({ query: z.string().default(''), ...Page }).parse(request.query);
    const wanted = query.toLowerCase();
    const found = settings.people.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted));
    return {
      ...paged(
        'users',
        found.map((person) => userShape(links(), person)),
        page,
      ),
    };
  });
  server.get('/oncalls', async () => {
    const onCall = settings.onCall ?? settings.people.slice(0, 1).map(({ id }) => id);
    return {
      oncalls: onCall.map((id) => ({
        escalation_level: 1,
        user: reference(links(), 'user_reference', 'users', id),
        escalation_policy: reference(links(), 'escalation_policy_reference', 'escalation_policies', 'PPOLICY1'),
        schedule: null,
        start: null,
        end: null,
      })),
    };
  });
  server.get('/services/:id', async (request) => {
    if (z.object({ id: z.string() }).parse(request.params).id !== SERVICE.id) throw notFound();
    return { service: { ...reference(links(), 'service', 'services', SERVICE.id), name: settings.serviceName } };
  });
  serveIncidents(server, parts);
}

function personOf(settings: PagerDutySettings, request: FastifyRequest) {
  const { id } = z.object({ id: z.string() }).parse(request.params);
  const person = settings.people.find((each) => each.id === id);
  if (person === undefined) throw notFound();
  return person;
}
