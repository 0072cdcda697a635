import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { onlyFromThisMachine } from '../only-from-this-machine.ts';
import type { Audit } from './audit.ts';
import type { Ledger } from './ledger.ts';
import type { TrafficCounts } from './traffic-counts.ts';

/** ISO, or milliseconds since 1970. */
const Time = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const Window = z.object({ since: Time.default(0), until: Time.default(Number.MAX_SAFE_INTEGER) });

export interface DriversParts {
  readonly ledger: Ledger;
  readonly counts: TrafficCounts;
  readonly audit: Audit;
  /** Idempotent. */
  readonly begin: () => void;
}

/**
 * What the drivers tell. Stable: Holdfast is given the first two as `verification` in plan.yaml.
 * - `GET /acknowledged?since=&until=` every acknowledged write with since <= at < until, oldest first, as NDJSON:
 *   `{ "id", "hash", "at", "region" }`. `id` is the `_id` in eld.driver_logs, `hash` the SHA-256 of the document's
 *   canonical JSON (keys sorted, dates as ISO strings), `at` when the acknowledgement arrived. Everything acknowledged
 *   before the request is in the answer. A connection that ends early means that the list is not complete.
 * - `GET /stats` `{ at, windowMs, byRegion: [{ region, acknowledged, failed }], perSecond, acknowledged, failed, lost,
 *   changed, pausedMs, longestPauseMs, auditedAt }`: byRegion counts the last windowMs, as failed does; acknowledged,
 *   lost and changed count from the beginning.
 * - `POST /stats/reset` measures longestPauseMs anew.
 * - `POST /begin` lets drivers that wait for it drive.
 * - `GET /audit?since=&until=` reads them back from MongoDB: `{ checked, missing, changed, missingIds, changedIds }`.
 */
export function createDriversApp({ ledger, counts, audit, begin }: DriversParts): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  onlyFromThisMachine(app);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof z.ZodError
      ? reply.code(400).send({ error: 'since and until are ISO times or milliseconds since 1970' })
      : reply.code(503).send({ error: error instanceof Error ? error.message : String(error) }),
  );
  app.get('/stats', () => {
    const { missing, changed, checkedAt } = audit.running();
    const view = counts.view();
    return {
      at: new Date().toISOString(),
      ...view,
      acknowledged: ledger.count(),
      failed: view.byRegion.reduce((sum, { failed }) => sum + failed, 0),
      lost: missing,
      changed,
      ...(checkedAt === undefined ? {} : { auditedAt: checkedAt }),
    };
  });
  app.post('/stats/reset', (_request, reply) => {
    counts.resetPause();
    return reply.code(204).send();
  });
  app.post('/begin', (_request, reply) => {
    begin();
    return reply.code(204).send();
  });
  app.get('/acknowledged', (request, reply) => {
    const { since, until } = Window.parse(request.query);
    return reply.type('application/x-ndjson').send(Readable.from(lines(ledger, since, until)));
  });
  app.get('/audit', async (request) => {
    const { since, until } = Window.parse(request.query);
    const startedAt = performance.now();
    return { ...(await audit.between(since, until)), tookMs: Math.round(performance.now() - startedAt) };
  });
  return app;
}

async function* lines(ledger: Ledger, since: number, until: number): AsyncGenerator<string> {
  for await (const entries of ledger.between(since, until)) {
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }
}
