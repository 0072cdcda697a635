import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountOf, demand, isAllowed } from './access.ts';
import { configMapRoutes } from './config-map-routes.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { quotaAndPodRoutes } from './quota-routes.ts';
import type { ApiServerOptions, Routing } from './routing.ts';
import { badRequest, noSuchPath, StatusError } from './status.ts';

const Review = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z.looseObject({
      namespace: z.string().default(''),
      verb: z.string(),
      group: z.string().default(''),
      resource: z.string(),
      subresource: z.string().optional(),
      name: z.string().optional(),
    }),
  }),
});

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The HTTP face of one cluster: not listening yet. */
export function createApiServer(options: ApiServerOptions): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  app.addContentTypeParser(PATCH_TYPES, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      // a YAML apply patch is refused by its type later; anything else that is not JSON is refused here
      done(null, undefined);
    }
  });
  app.setErrorHandler((error, _request, reply) => {
    const known =
      error instanceof StatusError
        ? error
        : badRequest(error instanceof Error ? error.message : 'the request can not be read');
    return reply.code(known.code).send(known.body());
  });
  app.setNotFoundHandler((request, reply) => {
    accountOf(options.tokens, request.headers.authorization);
    return reply.code(404).send(noSuchPath().body());
  });
  const routing: Routing = {
    ...options,
    allow: (request, access) => demand(accountOf(options.tokens, request.headers.authorization), access),
  };
  // as on real clusters, these three answer without a token
  for (const path of ['/readyz', '/livez', '/healthz'])
    app.get(path, (_request, reply) => reply.type('text/plain').send('ok'));
  app.get('/version', () => ({
    major: '1',
    minor: '31',
    gitVersion: 'v1.31.0-holdfast-sandbox',
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: `${process.platform}/${process.arch}`,
  }));
  app.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', (request, reply) => {
    const account = accountOf(options.tokens, request.headers.authorization);
    const review = Review.safeParse(request.body);
    if (!review.success) throw badRequest('spec.resourceAttributes: Required value');
    const { namespace, verb, group, resource, subresource, name } = review.data.spec.resourceAttributes;
    const full = subresource === undefined ? resource : `${resource}/${subresource}`;
    const allowed = isAllowed(account, { namespace, verb, group, resource: full, name });
    return reply.code(201).send({
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: { creationTimestamp: null },
      spec: review.data.spec,
      status: { allowed, ...(allowed ? { reason: `RBAC: allowed by RoleBinding of ${account.user}` } : {}) },
    });
  });
  deploymentRoutes(app, routing);
  configMapRoutes(app, routing);
  quotaAndPodRoutes(app, routing);
  return app;
}
