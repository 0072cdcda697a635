import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { checkConfigMap } from './check-objects.ts';
import { applyPatch } from './patch.ts';
import { isDryRun, type Routing } from './routing.ts';
import type { ConfigMap } from './shapes.ts';
import { notFound } from './status.ts';

const Path = z.object({ namespace: z.string(), name: z.string().default('') });
const BASE = '/api/v1/namespaces/:namespace/configmaps';
const resource = 'configmaps';
const group = '';

/** ConfigMaps: get, list, patch, replace. A write that names an older resourceVersion is refused with 409. */
export function configMapRoutes(app: FastifyInstance, { store, allow }: Routing): void {
  function open(request: FastifyRequest, verb: string): ConfigMap {
    const { namespace, name } = Path.parse(request.params);
    allow(request, { group, resource, verb, namespace, name });
    const found = store.configMap(namespace, name);
    if (found === undefined) throw notFound({ group, resource, name });
    return found;
  }
  const save = (request: FastifyRequest, changed: ConfigMap) =>
    isDryRun(request) ? changed : store.putConfigMap(changed);

  app.get(BASE, (request) => {
    const { namespace } = Path.parse(request.params);
    allow(request, { group, resource, verb: 'list', namespace });
    const items = store.configMaps(namespace).map(({ apiVersion: _, kind: __, ...rest }) => rest);
    return { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: store.version() }, items };
  });
  app.get(`${BASE}/:name`, (request) => open(request, 'get'));
  app.patch(`${BASE}/:name`, (request) => {
    const stored = open(request, 'patch');
    return save(request, checkConfigMap(applyPatch(stored, request.headers['content-type'], request.body), stored));
  });
  app.put(`${BASE}/:name`, (request) => {
    const stored = open(request, 'update');
    return save(request, checkConfigMap(z.record(z.string(), z.unknown()).parse(request.body), stored));
  });
}
