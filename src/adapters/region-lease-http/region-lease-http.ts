import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { asDrError, type Clock, DrError, type Logger, Region, within } from '#core';
import type { RegionLeases } from '#ports';
import { createPace } from './pace.ts';
import { type RegionSecrets, whoseSecret } from './whose-secret.ts';

export interface RegionLeaseHttpOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  readonly secrets: RegionSecrets;
  readonly leases: Pick<RegionLeases, 'renew'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long the control store may take, in ms. Default 2 s: who asks has other places to ask. */
  readonly renewWithinMs?: number;
  /** How many renewals a second a region may ask for here. Default 200. */
  readonly aSecond?: number;
}

export interface RegionLeaseHttp {
  start(): Promise<{ readonly port: number }>;
  stop(): Promise<void>;
}

const PATH = '/v1/region-leases/:region/renew';
const LARGEST_BODY = 1_024;
const MOST_CONNECTIONS = 500;
const READ_WITHIN_MS = 2_000;
const AGAIN_SECONDS = '1';

const Renew = z.strictObject({
  /** As people call the instance. */
  instance: z.string().regex(/^[\x21-\x7e]{1,100}$/, 'instance is a name of up to 100 characters without spaces'),
});

/**
 * Listens for instances that renew their region's lease. 200 with `granted` true or false is the only answer that says anything
 * about the lease; after any other the instance knows as much as before. Who is slow, floods or sends much is cut off.
 */
export function regionLeaseHttp(options: RegionLeaseHttpOptions): RegionLeaseHttp {
  const { secrets, leases, clock, log } = options;
  const ownerOf = whoseSecret(secrets);
  const hasRoom = createPace(options.aSecond ?? 200, clock);
  let server: FastifyInstance | undefined;

  const renew = async (request: FastifyRequest<{ Params: { region: string } }>, reply: FastifyReply) => {
    const owner = ownerOf(request.headers.authorization);
    if (!owner) {
      reply.header('www-authenticate', 'Bearer');
      return refuse(reply, 401, 'no region has this secret; send it as Authorization: Bearer');
    }
    const asked = Region.safeParse(request.params.region);
    if (!asked.success || !secrets.has(asked.data)) return refuse(reply, 404, 'no such region');
    const region = asked.data;
    if (region !== owner) return refuse(reply, 403, `this is the secret of ${owner}, not of ${region}`);
    if (!hasRoom(region)) return refuseForNow(reply, 429, `${region} asks too often`);
    const body = Renew.safeParse(request.body);
    if (!body.success) return refuse(reply, 400, body.error.issues[0]?.message ?? 'not a renewal');
    try {
      const bounds = { clock, ms: options.renewWithinMs ?? 2_000, late };
      return await reply.send(await within(leases.renew(region, body.data.instance), bounds));
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.kind !== 'transient') log.error({ err: error, region }, 'a lease could not be renewed');
      return refuseForNow(reply, 503, 'the control store does not answer');
    }
  };

  return {
    start: async () => {
      server = Fastify({
        logger: false,
        bodyLimit: LARGEST_BODY,
        requestTimeout: READ_WITHIN_MS,
        http: { connectionsCheckingInterval: 500, headersTimeout: READ_WITHIN_MS },
        forceCloseConnections: true,
      });
      server.setErrorHandler((error, _request, reply) => {
        const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
        return refuse(reply, status, status === 413 ? `a body has at most ${LARGEST_BODY} bytes` : 'not a renewal');
      });
      server.setNotFoundHandler((_request, reply) => refuse(reply, 404, `only POST ${PATH}`));
      server.post(PATH, renew);
      await server.listen({ port: options.port, host: options.host });
      server.server.maxConnections = MOST_CONNECTIONS;
      return { port: (server.server.address() as AddressInfo).port };
    },
    stop: async () => {
      await server?.close();
      server = undefined;
    },
  };
}

const refuse = (reply: FastifyReply, status: number, error: string): FastifyReply => reply.code(status).send({ error });

const refuseForNow = (reply: FastifyReply, status: number, error: string): FastifyReply =>
  refuse(reply.header('retry-after', AGAIN_SECONDS), status, error);

const late = (): DrError => new DrError('STORE_UNAVAILABLE', 'transient', 'The control store takes too long.');
