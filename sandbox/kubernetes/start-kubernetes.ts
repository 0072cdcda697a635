import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '#sandbox/servers';
import type { Tokens } from './access.ts';
import { type Cluster, type RegionSpec, startCluster } from './cluster.ts';
import { kubeconfig, saveKubeconfig } from './kubeconfig.ts';
import type { RunPod } from './pods.ts';

export type KubernetesOptions = {
  readonly regions: readonly RegionSpec[];
  readonly tokens: Tokens;
  /** Really starts one instance of the service. Called whenever a deployment lacks one. */
  readonly runPod: RunPod;
  /** Where the objects are kept between starts; nowhere when left out. */
  readonly dir?: string;
};

export type Kubernetes = {
  readonly clusters: readonly Cluster[];
  /** @throws Error when there is no cluster in that region */
  cluster(region: string): Cluster;
  /** Writes a kubeconfig with one context a region, for the holder of `token`. @throws Error for an unknown token */
  writeKubeconfig(path: string, token: string): void;
  /** Resolves when every region has as many instances ready as it asks for. @throws Error after half a minute */
  ready(): Promise<void>;
  /** Ends every instance cleanly and every server. Idempotent. */
  stop(): Promise<void>;
};

/**
 * One Kubernetes cluster a region, each with the deployment `eld-api`, the ConfigMap `eld-config` and a load balancer in
 * front of the instances that are ready. Returns when the API servers listen; instances come up afterwards.
 */
export async function startKubernetes(options: KubernetesOptions): Promise<Kubernetes> {
  if (options.dir !== undefined) mkdirSync(options.dir, { recursive: true });
  const clusters = await Promise.all(
    options.regions.map((spec) =>
      startCluster({
        spec,
        tokens: options.tokens,
        runPod: options.runPod,
        ...(options.dir === undefined ? {} : { file: join(options.dir, `${spec.region}.json`) }),
      }),
    ),
  );
  return {
    clusters,
    cluster(region) {
      const found = clusters.find((cluster) => cluster.region === region);
      if (found === undefined) throw new Error(`There is no cluster in ${region}.`);
      return found;
    },
    writeKubeconfig(path, token) {
      const account = options.tokens[token];
      if (account === undefined) throw new Error('Nobody holds this token.');
      const servers = clusters.map(({ region, server }) => ({ region, server }));
      saveKubeconfig(path, kubeconfig(servers, account.user, token));
    },
    async ready() {
      await Promise.all(
        clusters.map((cluster) =>
          until(`all instances in ${cluster.region} are ready`, async () => cluster.isComplete()),
        ),
      );
    },
    async stop() {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
    },
  };
}
