import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SickAnswers, Sickness, type SicknessInput } from '#sandbox/hostile';
import { isLocalHost, isOwnOrigin } from '#sandbox/slack';
import { checkMessage, type Message } from './check-message.ts';

const KEPT = 2_000;
const KINDS = ['sms', 'voice', 'email', 'webhook'] as const;
export type PhoneKind = (typeof KINDS)[number];

export type Received = Message & { readonly at: number };

export interface PhonesOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  /** 0 takes a free port. */
  readonly controlPort?: number;
  /** As HOLDFAST_GATEWAY_SECRET has it. */
  readonly secret?: string;
}

/** The gateway, and behind it everybody's telephone and mailbox. */
export interface Phones {
  readonly url: string;
  /** What HOLDFAST_SMS_URL and the others are set to. */
  readonly urls: Readonly<Record<PhoneKind, string>>;
  readonly controlUrl: string;
  readonly secret: string;
  /** What arrived, oldest first; a message that was sent twice arrived once. */
  readonly received: readonly Received[];
  /** Messages that came again under an id that had arrived. */
  readonly repeated: number;
  /** `part`: `sms`, `voice`, `email` or `webhook`. */
  break(order: SicknessInput): void;
  mend(): void;
  subscribe(watcher: (received: Received) => void): () => void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Starts the gateway on loopback, with a control API (`GET /state`, `POST /faults`, `DELETE /faults`) on its own port. */
export async function startPhones(options: PhonesOptions = {}, now: () => number = Date.now): Promise<Phones> {
  const secret = options.secret ?? 'sandbox-gateway-secret';
  const server = fastify({ logger: false, forceCloseConnections: true });
  const received: Received[] = [];
  const ids = new Set<string>();
  const watchers = new Set<(received: Received) => void>();
  const sick = new SickAnswers();
  let repeated = 0;
  sick.attach(server, (path) => [path.slice(1)]);
  // The signature is over the bytes as they came.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  for (const kind of KINDS) {
    server.post(`/${kind}`, async (request, reply) => {
      const headers = {
        timestamp: request.headers['x-holdfast-timestamp']?.toString(),
        signature: request.headers['x-holdfast-signature']?.toString(),
        idempotencyKey: request.headers['idempotency-key']?.toString(),
      };
      const checked = checkMessage(String(request.body), headers, { secret, now: now() });
      if ('status' in checked) return reply.code(checked.status).type('text/plain').send(checked.why);
      const id = headers.idempotencyKey;
      if ('check' in checked) return { id };
      if (checked.message.kind !== kind) return reply.code(400).send(`This is the address for ${kind}.`);
      if (ids.has(checked.message.id)) {
        repeated += 1;
        return { id };
      }
      ids.add(checked.message.id);
      const arrived: Received = { ...checked.message, at: now() };
      received.push(arrived);
      received.splice(0, received.length - KEPT);
      for (const watcher of watchers) watcher(arrived);
      return reply.code(202).send({ id });
    });
  }

  const control = controlServer({ received: () => received, sick });
  const url = await listen(server, options.port ?? 0);
  const controlUrl = await listen(control, options.controlPort ?? 0);
  return {
    url,
    urls: { sms: `${url}/sms`, voice: `${url}/voice`, email: `${url}/email`, webhook: `${url}/webhook` },
    controlUrl,
    secret,
    received,
    get repeated() {
      return repeated;
    },
    break: (order) => sick.order(order),
    mend: () => sick.clear(),
    subscribe: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    stop: async () => {
      sick.clear();
      await Promise.all([server.close(), control.close()]);
    },
  };
}

function controlServer({
  received,
  sick,
}: {
  received: () => readonly Received[];
  sick: SickAnswers;
}): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    if (!isLocalHost(request.headers.host) || !isOwnOrigin(request.headers.origin, request.headers.host)) {
      await reply.code(403).send({ error: 'Only from this machine.' });
    }
  });
  server.get('/state', async () => ({ received: received() }));
  server.post('/faults', async (request, reply) => {
    const order = Sickness.safeParse(request.body);
    if (!order.success) return reply.code(400).send({ error: z.prettifyError(order.error) });
    sick.order(order.data);
    return { ok: true };
  });
  server.delete('/faults', async () => {
    sick.clear();
    return { ok: true };
  });
  return server;
}

async function listen(server: FastifyInstance, port: number): Promise<string> {
  await server.listen({ host: '127.0.0.1', port });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}
