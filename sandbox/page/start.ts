import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { z } from 'zod';
import { Act, perform } from './acts.ts';
import { NO_PHONES } from './phones.ts';
import type { SandboxPageOptions } from './providers.ts';
import { guardPage } from './security.ts';
import { LiveStream } from './stream.ts';
import { tourSteps } from './tour.ts';

const ActBody = z.strictObject({ as: z.string(), act: Act });
const BreakBody = z.strictObject({ id: z.string() });
const RingBody = z.strictObject({ as: z.string(), id: z.string() });

/** A running sandbox page. */
export interface SandboxPage {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the sandbox's page on loopback. @throws Error (EADDRINUSE) when the port is taken. */
export async function startSandboxPage(options: SandboxPageOptions): Promise<SandboxPage> {
  const server = fastify({ logger: false, forceCloseConnections: true });
  const live = new LiveStream(options);
  const { slack } = options;
  guardPage(server);
  await server.register(fastifyStatic, { root: join(import.meta.dirname, 'public'), cacheControl: false });
  server.get('/api/commands', async () => options.commands());
  server.get('/api/setup', async () => ({
    startAs: options.startAs ?? slack.people[0]?.id,
    people: slack.people.map(({ id }) => id),
    botName: slack.botName,
    bot: slack.app.botUser,
    channel: slack.channel.id,
    breakers: options.breakers,
    tour: tourSteps,
  }));
  server.get<{ Querystring: { as?: string } }>('/api/stream', async (request, reply) => {
    const as = slack.people.find((person) => person.id === request.query.as);
    if (as === undefined) return reply.code(404).send({ error: 'Nobody of that name is here.' });
    reply.hijack();
    live.add(as.id, reply.raw);
    return reply;
  });
  server.post('/api/act', async (request, reply) => {
    const body = ActBody.safeParse(request.body);
    if (!body.success) return reply.code(400).send({ error: z.prettifyError(body.error) });
    try {
      return await perform(slack, body.data.as, body.data.act);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return reply.code(409).send({ ok: false, error: 'not_there', said });
    }
  });
  server.post('/api/break', async (request, reply) => {
    const body = BreakBody.safeParse(request.body);
    const breaker = options.breakers.find(({ id }) => body.success && id === body.data.id);
    if (breaker === undefined) return reply.code(404).send({ error: 'There is no such thing to break.' });
    try {
      return { ok: true, said: await options.runBreaker(breaker.id) };
    } catch (error) {
      return { ok: false, said: error instanceof Error ? error.message : String(error) };
    }
  });
  server.post('/api/acknowledge', async (request, reply) => {
    const body = RingBody.safeParse(request.body);
    if (!body.success) return reply.code(400).send({ error: z.prettifyError(body.error) });
    try {
      await (options.phones ?? NO_PHONES).acknowledge(body.data.as, body.data.id);
      return { ok: true };
    } catch (error) {
      return { ok: false, said: error instanceof Error ? error.message : String(error) };
    }
  });
  await server.listen({ host: '127.0.0.1', port: options.port ?? 4000 });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      live.close();
      await server.close();
    },
  };
}
