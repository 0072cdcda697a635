import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { checkDeployment, checkReplicas } from './check-objects.ts';
import { applyPatch } from './patch.ts';
import { isDryRun, type Routing } from './routing.ts';
import { type Deployment, Scale } from './shapes.ts';
import { badRequest, conflict, notFound } from './status.ts';

const Path = z.object({ namespace: z.string(), name: z.string().default('') });
const BASE = '/apis/apps/v1/namespaces/:namespace/deployments';
const group = 'apps';
const Body = z.record(z.string(), z.unknown());

/** Deployments (get, list, patch, replace) and their `scale`. */
export function deploymentRoutes(app: FastifyInstance, { store, rollout, allow }: Routing): void {
  /** Rights first: a caller without them must not learn what exists. */
  function open(request: FastifyRequest, verb: string, resource = 'deployments'): Deployment {
    const { namespace, name } = Path.parse(request.params);
    allow(request, { group, resource, verb, namespace, name });
    const found = store.deployment(namespace, name);
    if (found === undefined) throw notFound({ group, resource: 'deployments', name });
    return found;
  }
  function save(request: FastifyRequest, changed: Deployment): Deployment {
    if (isDryRun(request)) return changed;
    const stored = store.putDeployment(changed);
    rollout.reconcile();
    return stored;
  }
  function rescale(request: FastifyRequest, deployment: Deployment, scale: unknown) {
    const { name, resourceVersion } = deployment.metadata;
    const wanted = Scale.safeParse(scale);
    const given = wanted.data?.metadata;
    if (given?.name !== undefined && given.name !== name) {
      throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
    }
    if (given?.resourceVersion !== undefined && given.resourceVersion !== resourceVersion) {
      throw conflict({ group, resource: 'deployments', name });
    }
    const spec = Body.safeParse(Body.safeParse(scale).data?.['spec']).data;
    const replicas = checkReplicas(spec?.['replicas'] ?? 0, 'Scale', 'autoscaling', name);
    return scaleOf(save(request, { ...deployment, spec: { ...deployment.spec, replicas } }));
  }

  app.get(BASE, (request) => {
    const { namespace } = Path.parse(request.params);
    allow(request, { group, resource: 'deployments', verb: 'list', namespace });
    const items = store.deployments(namespace).map(({ apiVersion: _, kind: __, ...rest }) => rest);
    return { kind: 'DeploymentList', apiVersion: 'apps/v1', metadata: { resourceVersion: store.version() }, items };
  });
  app.get(`${BASE}/:name`, (request) => open(request, 'get'));
  app.patch(`${BASE}/:name`, (request) => {
    const stored = open(request, 'patch');
    return save(request, checkDeployment(applyPatch(stored, request.headers['content-type'], request.body), stored));
  });
  app.put(`${BASE}/:name`, (request) => {
    const stored = open(request, 'update');
    return save(request, checkDeployment(Body.parse(request.body), stored));
  });
  app.get(`${BASE}/:name/scale`, (request) => scaleOf(open(request, 'get', 'deployments/scale')));
  app.patch(`${BASE}/:name/scale`, (request) => {
    const stored = open(request, 'patch', 'deployments/scale');
    return rescale(request, stored, applyPatch(scaleOf(stored), request.headers['content-type'], request.body));
  });
  app.put(`${BASE}/:name/scale`, (request) =>
    rescale(request, open(request, 'update', 'deployments/scale'), request.body),
  );
}

function scaleOf({ metadata, spec, status }: Deployment) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = Object.entries(spec.selector.matchLabels).map(([label, value]) => `${label}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas, selector: selector.join(',') },
  };
}
