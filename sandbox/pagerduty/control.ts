import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Sickness } from '#sandbox/hostile';
import { isLocalHost, isOwnOrigin } from '#sandbox/slack';
import type { PagerDuty } from './pager-duty.ts';

const Act = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['acknowledge', 'unacknowledge', 'resolve']), as: z.string(), incident: z.string() }),
  z.strictObject({ kind: z.enum(['joined', 'declined']), as: z.string(), incident: z.string() }),
]);

const WebhookFault = z.strictObject({
  drop: z.number().int().min(0).optional(),
  twice: z.number().int().min(0).optional(),
  overtaken: z.number().int().min(0).optional(),
});

/**
 * The control API, on a port of its own so that nothing under test can reach it by mistake: `GET /state`, `POST /act`,
 * `POST /faults`, `POST /webhook-faults`, `DELETE /faults`, `POST /ping`.
 */
export function controlServer(pagerDuty: PagerDuty): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    if (!isLocalHost(request.headers.host) || !isOwnOrigin(request.headers.origin, request.headers.host)) {
      await reply.code(403).send({ error: 'Only from this machine.' });
    }
  });
  server.setErrorHandler((error, _request, reply) =>
    reply.code(400).send({ error: error instanceof z.ZodError ? z.prettifyError(error) : String(error) }),
  );
  server.get('/state', async () => ({
    people: pagerDuty.people,
    incidents: pagerDuty.incidents,
    notifications: pagerDuty.notifications,
    webhooks: pagerDuty.webhooks,
    webhooksDisabled: pagerDuty.webhooksDisabled,
  }));
  server.post('/act', async (request) => {
    const act = Act.parse(request.body);
    const user = pagerDuty.as(act.as);
    if (act.kind === 'joined' || act.kind === 'declined') user.reply(act.incident, act.kind);
    else user[act.kind](act.incident);
    return { ok: true };
  });
  server.post('/faults', async (request) => {
    pagerDuty.break(Sickness.parse(request.body));
    return { ok: true };
  });
  server.post('/webhook-faults', async (request) => {
    const { drop, twice, overtaken } = WebhookFault.parse(request.body);
    pagerDuty.breakWebhooks({
      ...(drop === undefined ? {} : { drop }),
      ...(twice === undefined ? {} : { twice }),
      ...(overtaken === undefined ? {} : { overtaken }),
    });
    return { ok: true };
  });
  server.delete('/faults', async () => {
    pagerDuty.mend();
    return { ok: true };
  });
  server.post('/ping', async () => {
    pagerDuty.ping();
    return { ok: true };
  });
  return server;
}
