import type { FastifyInstance } from 'fastify';
import { isLocalHost, isOwnOrigin } from '#sandbox/slack';

/** Nothing from elsewhere, nothing inline, no frame around it, no form that leaves. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Anyone at this page can be anyone, so it must be this machine's: Host and Origin are checked on every
 * request (against DNS rebinding and foreign pages), and a change must come as JSON, which no form sends.
 */
export function guardPage(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const { host, origin } = request.headers;
    const foreign = request.headers['sec-fetch-site'] === 'cross-site' && request.method !== 'GET';
    if (!isLocalHost(host) || !isOwnOrigin(origin, host) || foreign) {
      return reply.code(403).send({ error: 'This page answers this machine only.' });
    }
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && request.headers['content-type'] !== 'application/json') {
      return reply.code(415).send({ error: 'JSON only.' });
    }
    return undefined;
  });
}
