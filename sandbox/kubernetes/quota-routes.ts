import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Pod } from './pods.ts';
import { QUOTA_NAME } from './rollout-status.ts';
import type { Routing } from './routing.ts';
import { notFound } from './status.ts';

const Path = z.object({ namespace: z.string(), name: z.string().default('') });
const BASE = '/api/v1/namespaces/:namespace';

/**
 * The region's capacity as a ResourceQuota, and the pods, both read only. A quota counts when pods are made, not when
 * a deployment is scaled: as on a real cluster, scaling beyond it is accepted and stays short.
 */
export function quotaAndPodRoutes(app: FastifyInstance, { store, rollout, allow, capacity }: Routing): void {
  const list = (kind: string, items: unknown[]) => ({
    kind,
    apiVersion: 'v1',
    metadata: { resourceVersion: store.version() },
    items,
  });
  const quota = (namespace: string) => ({
    metadata: { name: QUOTA_NAME, namespace, uid: `${QUOTA_NAME}-${namespace}`, resourceVersion: store.version() },
    spec: { hard: { pods: String(capacity) } },
    status: { hard: { pods: String(capacity) }, used: { pods: String(rollout.pods().length) } },
  });
  app.get(`${BASE}/resourcequotas`, (request) => {
    const { namespace } = Path.parse(request.params);
    allow(request, { group: '', resource: 'resourcequotas', verb: 'list', namespace });
    return list('ResourceQuotaList', [quota(namespace)]);
  });
  app.get(`${BASE}/resourcequotas/:name`, (request) => {
    const { namespace, name } = Path.parse(request.params);
    allow(request, { group: '', resource: 'resourcequotas', verb: 'get', namespace, name });
    if (name !== QUOTA_NAME) throw notFound({ group: '', resource: 'resourcequotas', name });
    return { kind: 'ResourceQuota', apiVersion: 'v1', ...quota(namespace) };
  });
  app.get(`${BASE}/pods`, (request) => {
    const { namespace } = Path.parse(request.params);
    allow(request, { group: '', resource: 'pods', verb: 'list', namespace });
    return list(
      'PodList',
      rollout
        .pods()
        .filter(({ order }) => order.namespace === namespace)
        .map(podObject),
    );
  });
}

function podObject({ order, hash, startedAt, state, ready, running }: Pod) {
  return {
    metadata: {
      name: order.name,
      namespace: order.namespace,
      labels: { app: order.deployment, 'pod-template-hash': hash, 'topology.kubernetes.io/region': order.region },
      ...(state === 'stopping' ? { deletionTimestamp: new Date().toISOString() } : {}),
    },
    spec: {
      containers: [{ name: order.deployment, ports: running === undefined ? [] : [{ containerPort: running.port }] }],
    },
    status: {
      phase: state === 'starting' ? 'Pending' : 'Running',
      podIP: '127.0.0.1',
      startTime: startedAt,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}
