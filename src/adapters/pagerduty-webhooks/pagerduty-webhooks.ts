import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Clock, DrError, type Logger, within } from '#core';
import type { PagerDelivery, PagerIntake, PagerIntakeCounts } from '#ports';
import { readDelivery } from './read-delivery.ts';
import { isSigned } from './signature.ts';

export interface PagerDutyWebhookOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Those that count: one, or two while it is changed. */
  readonly secrets: readonly string[];
  /**
   * Makes a delivery durable, once for each `id`; resolves for one that is there already. What it rejects, or has not done
   * in time, is answered so that PagerDuty sends it again.
   */
  readonly keep: (delivery: PagerDelivery) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a body may take to arrive. Default 3 s. */
  readonly bodyWithinMs?: number;
  /** How long keeping may take. Default 4 s: PagerDuty waits for 5. */
  readonly keepWithinMs?: number;
}

/** PagerDuty promises at most 55 KB, and drops what is over 256. */
const LARGEST_BODY = 64 * 1024;
const PATH = '/pagerduty';
/** PagerDuty sends one after the other. More at once is somebody else. */
const MOST_CONNECTIONS = 50;
const TELL_EVERY_MS = 60_000;

/**
 * Listens for PagerDuty's signed v3 webhooks at `/pagerduty`. A 2xx is given only for what is durable, or was proven to be
 * nothing for us: three answers of 4xx in a row make PagerDuty send nothing for a day, so a form we do not know is passed
 * over, not refused. A bad signature gets 401, what can't be kept 503.
 */
export function pagerDutyWebhooks(options: PagerDutyWebhookOptions): PagerIntake {
  const counts = { kept: 0, passedOver: 0, forged: 0, tooLarge: 0, notKept: 0 };
  const { clock, log } = options;
  const tellForged = atMostEvery(TELL_EVERY_MS, clock, () =>
    log.warn({ forged: counts.forged }, 'webhooks without a signature of ours; is PAGERDUTY_WEBHOOK_SECRET right?'),
  );
  let server: FastifyInstance | undefined;

  const receive = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (!isSigned(body, headerOf(request, 'x-pagerduty-signature'), options.secrets)) {
      counts.forged += 1;
      tellForged();
      return reply.code(401).send();
    }
    const delivery = readDelivery(body, headerOf(request, 'x-webhook-id').slice(0, 200));
    if (delivery === undefined) {
      counts.passedOver += 1;
      return reply.code(202).send();
    }
    try {
      await within(options.keep(delivery), { clock, ms: options.keepWithinMs ?? 4_000, late });
    } catch (error) {
      counts.notKept += 1;
      log.warn({ err: error, event: delivery.id }, 'a webhook could not be kept; PagerDuty sends it again');
      return reply.code(503).send();
    }
    counts.kept += 1;
    return reply.code(202).send();
  };

  return {
    start: async () => {
      server = listener(options.bodyWithinMs ?? 3_000);
      server.setErrorHandler((error, _request, reply) => {
        const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
        if (status === 413) counts.tooLarge += 1;
        // Without a word: whoever asks is not known yet.
        return reply.code(status).send();
      });
      server.post(PATH, receive);
      await server.listen({ port: options.port, host: options.host });
      server.server.maxConnections = MOST_CONNECTIONS;
      return { port: (server.server.address() as AddressInfo).port };
    },
    counts: (): PagerIntakeCounts => ({ ...counts }),
    stop: async () => {
      await server?.close();
      server = undefined;
    },
  };
}

/** A server that gives the body's bytes as they came, for those are what was signed, and waits for nobody. */
function listener(bodyWithinMs: number): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: LARGEST_BODY,
    requestTimeout: bodyWithinMs,
    // Node looks for what is too slow this often; unless told, every 30 s.
    http: { connectionsCheckingInterval: Math.min(500, bodyWithinMs), headersTimeout: bodyWithinMs },
    forceCloseConnections: true,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  return server;
}

const headerOf = (request: FastifyRequest, name: string): string => [request.headers[name] ?? ''].flat().join(',');

const late = (): DrError => new DrError('TIMED_OUT', 'transient', 'Keeping it took too long.');

/** Says something at once, and then not again for a while: a flood of forgeries must not be a flood of log lines. */
function atMostEvery(ms: number, clock: Clock, say: () => void): () => void {
  let saidAt: number | undefined;
  return () => {
    const now = clock.monotonicMs();
    if (saidAt !== undefined && now - saidAt < ms) return;
    saidAt = now;
    say();
  };
}
