import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FaultOrder } from './faults.ts';
import { isLocalHost, isOwnOrigin } from './loopback.ts';
import type { SlackWorkspace } from './workspace.ts';

const Act = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slash'), as: z.string(), line: z.string() }),
  z.strictObject({ kind: z.literal('say'), as: z.string(), text: z.string(), thread: z.string().optional() }),
  z.strictObject({
    kind: z.literal('click'),
    as: z.string(),
    ts: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('submit'),
    as: z.string(),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])).default({}),
  }),
]);

/**
 * The control API, on a port of its own so that no app under test can reach it by mistake:
 * `POST /faults`, `DELETE /faults`, `POST /act`, `GET /state`.
 */
export function controlServer(workspace: SlackWorkspace): FastifyInstance {
  const server = fastify({ logger: false });
  server.addHook('onRequest', async (request, reply) => {
    if (!isLocalHost(request.headers.host) || !isOwnOrigin(request.headers.origin, request.headers.host)) {
      await reply.code(403).send({ error: 'Only from this machine.' });
    }
  });
  server.post('/faults', async (request, reply) => {
    const order = FaultOrder.safeParse(request.body);
    if (!order.success) return reply.code(400).send({ error: z.prettifyError(order.error) });
    await workspace.break(order.data);
    return { ok: true };
  });
  server.delete('/faults', async () => {
    await workspace.mend();
    return { ok: true };
  });
  server.post('/act', async (request, reply) => {
    const act = Act.safeParse(request.body);
    if (!act.success) return reply.code(400).send({ error: z.prettifyError(act.error) });
    return perform(workspace, act.data);
  });
  server.get('/state', async () => ({
    messages: workspace.messages(),
    views: workspace.people.map((person) => ({ person: person.id, view: workspace.openView(person.id) ?? null })),
    ephemerals: workspace.people.flatMap((person) => workspace.ephemerals(person.id)),
    lostEvents: workspace.lostEvents,
    calls: workspace.calls,
  }));
  return server;
}

async function perform(workspace: SlackWorkspace, act: z.output<typeof Act>): Promise<unknown> {
  const user = workspace.asUser(act.as);
  switch (act.kind) {
    case 'slash':
      return user.slash(act.line);
    case 'say':
      return user.say(act.text, act.thread);
    case 'click':
      return user.click(act.ts, act.actionId, act.value === undefined ? {} : { value: act.value });
    case 'submit':
      return user.submitView(act.values);
    default:
      return act satisfies never;
  }
}
