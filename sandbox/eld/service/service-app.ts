import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DriverLog, hashOfDocument } from '../driver-log.ts';
import { onlyFromThisMachine } from '../only-from-this-machine.ts';
import type { LogStore } from './log-store.ts';
import type { RegionConfig } from './region-config.ts';
import type { ServiceSettings } from './settings.ts';

const HEALTH_WITHIN_MS = 1000;
const RETRY_AFTER_SECONDS = '1';

type Health = { readonly healthy: boolean; readonly reason?: string };

export interface ServiceParts {
  readonly store: LogStore;
  readonly config: () => RegionConfig | undefined;
  readonly draining: () => boolean;
  /** Whether its region may take writes at this moment: see clients/region-lease.ts. */
  readonly mayWrite: () => boolean;
}

const CLOSED = 'region-closed';

/**
 * The HTTP service of one instance:
 * - `POST /driver-logs` 201 `{ id, acknowledged: true, hash }`, only after a majority has it; 503 with Retry-After
 *   whenever that is not certain, and when its region is closed; 409 when the id stands for another record
 * - `GET /driver-logs/:id` `{ id, hash, document }`, majority-committed
 * - `/ready` whether this instance takes requests (for Kubernetes: does not ask the database, or one database
 *   outage would take every instance out of service)
 * - `/health` whether the whole works: a majority write and read within 1 s, then the region's lease (for DNS health checks)
 * - `/config` what it read from its region's ConfigMap
 */
export function createServiceApp(
  settings: ServiceSettings,
  { store, config, draining, mayWrite }: ServiceParts,
): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: 'idle', return503OnClosing: false, bodyLimit: 16_384 });
  onlyFromThisMachine(app);
  app.addHook('onRequest', async (_request, reply) => {
    if (draining()) reply.header('connection', 'close');
  });
  const identity = { instance: settings.name, region: settings.region };

  app.post('/driver-logs', async (request, reply) => {
    const log = DriverLog.safeParse(request.body);
    if (!log.success) return reply.code(400).send({ acknowledged: false, error: z.prettifyError(log.error) });
    const { id } = log.data;
    const refuse = (error: string) => {
      reply.header('retry-after', RETRY_AFTER_SECONDS);
      return reply.code(503).send({ id, acknowledged: false, error, ...identity });
    };
    if (!mayWrite()) return refuse(CLOSED);
    const written = await store.write(log.data);
    // Any time may have passed. What is in the database and was not acknowledged may be sent again.
    if (!mayWrite()) return refuse(CLOSED);
    switch (written.state) {
      case 'acknowledged':
        return reply.code(201).send({ id, acknowledged: true, hash: written.hash, ...identity });
      case 'conflict':
        return reply.code(409).send({ id, acknowledged: false, error: 'another record has this id', ...identity });
      case 'refused':
        return refuse(written.reason);
    }
  });
  app.get<{ Params: { id: string } }>('/driver-logs/:id', async (request, reply) => {
    try {
      const document = await store.read(request.params.id);
      if (document === undefined) return await reply.code(404).send({ error: 'no such record', ...identity });
      return { id: document._id, hash: hashOfDocument(document), document, ...identity };
    } catch {
      reply.header('retry-after', RETRY_AFTER_SECONDS);
      return reply.code(503).send({ error: 'no-majority', ...identity });
    }
  });

  // several checkers ask at once; the database is asked once for all of them
  let asking: Promise<Health> | undefined;
  const ask = async (): Promise<Health> => {
    try {
      await store.probe(settings.name, HEALTH_WITHIN_MS);
      return mayWrite() ? { healthy: true } : { healthy: false, reason: CLOSED };
    } catch (error) {
      return { healthy: false, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      asking = undefined;
    }
  };
  app.get('/health', async (_request, reply) => {
    asking ??= ask();
    const health = await asking;
    return reply.code(health.healthy && !draining() ? 200 : 503).send({ ...health, ...identity });
  });
  app.get('/ready', (_request, reply) => reply.code(draining() ? 503 : 200).send({ ready: !draining(), ...identity }));
  app.get('/config', (_request, reply) => {
    const known = config();
    return reply.code(known === undefined ? 503 : 200).send({ ...identity, ...known });
  });
  return app;
}
