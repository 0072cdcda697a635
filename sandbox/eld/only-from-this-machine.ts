import type { FastifyInstance } from 'fastify';

const LOCAL_HOST = /^(127[.]0[.]0[.]1|localhost)(:\d+)?$/;

/** A web page elsewhere can make a browser call 127.0.0.1: another Host, or any foreign Origin, is refused with 403. */
export function onlyFromThisMachine(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const foreign =
      host === undefined || !LOCAL_HOST.test(host) || (origin !== undefined && origin !== `http://${host}`);
    if (foreign) return reply.code(403).send({ error: 'This answers only on this machine.' });
  });
}
