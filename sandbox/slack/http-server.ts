import { parse } from 'node:querystring';
import fastify, { type FastifyInstance } from 'fastify';

/** Slack's own limit on a request is unknown; this is above every documented payload. */
const BODY_BYTES = 1_000_000;

/** A server that takes what the SDKs send: forms and JSON. */
export function slackHttpServer(): FastifyInstance {
  const server = fastify({ logger: false, bodyLimit: BODY_BYTES, forceCloseConnections: true });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, { ...parse(String(body)) });
  });
  server.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status === 400) return reply.code(200).send({ ok: false, error: 'invalid_json' });
    return reply.code(status).send({ ok: false, error: 'fatal_error', detail: String(error) });
  });
  return server;
}
