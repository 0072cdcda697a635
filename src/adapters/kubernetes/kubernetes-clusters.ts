import { DrError, type Region } from '#core';
import type { Clusters } from '#ports';
import { type Apis, openContexts } from './contexts.ts';
import { type Order, translated } from './kubernetes-errors.ts';

export interface KubernetesOptions {
  /** Path of a kubeconfig file with one context a region, named like the region. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly configMap: string;
  /** How long one request may take. Default 5 s. */
  readonly withinMs?: number;
}

/** The application's clusters through their API servers. Throws CONFIG_INVALID when the kubeconfig can't be read. */
export function kubernetesClusters(options: KubernetesOptions): Clusters {
  const { namespace, deployment, configMap } = options;
  const apisOf = openContexts(options.kubeconfig);
  const ask = async <T>(region: Region, order: Order, call: (apis: Apis) => Promise<T>): Promise<T> => {
    try {
      return await within(call(await apisOf(region)), options.withinMs ?? 5_000);
    } catch (thrown) {
      throw translated(thrown, region, namespace, order);
    }
  };
  const scale = (region: Region, replicas: number, words: string, dryRun?: 'All') =>
    ask(region, { words, verb: 'patch', resource: 'deployments/scale' }, ({ apps, mergePatch }) =>
      apps.patchNamespacedDeploymentScale(
        { name: deployment, namespace, body: { spec: { replicas } }, ...(dryRun ? { dryRun } : {}) },
        mergePatch,
      ),
    );
  const replicas: Clusters['replicas'] = async (region) => {
    const order = { words: `show ${deployment}`, verb: 'get', resource: 'deployments' } as const;
    const found = await ask(region, order, ({ apps }) =>
      apps.readNamespacedDeployment({ name: deployment, namespace }),
    );
    // Counts of an older generation describe the deployment before the last change.
    const fresh = (found.status?.observedGeneration ?? 0) >= (found.metadata?.generation ?? 0);
    const wanted = found.spec?.replicas ?? 1;
    const ready = found.status?.readyReplicas ?? 0;
    return { wanted, ready: fresh ? Math.min(ready, found.status?.updatedReplicas ?? ready) : 0 };
  };
  return {
    replicas,
    scale: async (region, wanted) => {
      if ((await replicas(region)).wanted === wanted) return;
      await scale(region, wanted, `scale ${deployment} to ${wanted}`);
    },
    rehearseScale: async (region, wanted) => {
      await scale(region, wanted, `rehearse scaling ${deployment} to ${wanted}`, 'All');
      const more = wanted - (await replicas(region)).wanted;
      const order = { words: 'show its quotas', verb: 'list', resource: 'resourcequotas' } as const;
      const { items } = await ask(region, order, ({ core }) => core.listNamespacedResourceQuota({ namespace }));
      for (const quota of items) {
        const hard = Number(quota.status?.hard?.['pods'] ?? Number.NaN);
        const used = Number(quota.status?.used?.['pods'] ?? 0);
        // A quota does not refuse the scaling itself, only, later and silently, the pods it asks for.
        if (used + more > hard) {
          const message = `${region} has room for ${Math.max(0, hard - used)} more pods, ${more} are needed (quota "${quota.metadata?.name}").`;
          throw new DrError('CLUSTER_REFUSED', 'permanent', message, { data: { region } });
        }
      }
    },
    configuration: async (region) => {
      const order = { words: `show ${configMap}`, verb: 'get', resource: 'configmaps' } as const;
      const found = await ask(region, order, ({ core }) =>
        core.readNamespacedConfigMap({ name: configMap, namespace }),
      );
      return found.data ?? {};
    },
    configure: async (region, values) => {
      const order = { words: `change ${configMap}`, verb: 'patch', resource: 'configmaps' } as const;
      await ask(region, order, ({ core, mergePatch }) =>
        core.patchNamespacedConfigMap({ name: configMap, namespace, body: { data: values } }, mergePatch),
      );
    },
  };
}

/** The client has no timeout of its own: an API server that accepts and never answers would hold us for ever. */
async function within<T>(call: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
