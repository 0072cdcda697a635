import type { FastifyInstance } from 'fastify';
import type { Tokens } from './access.ts';
import { createApiServer } from './api-server.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { newMetadata, type ObjectStore, openObjectStore } from './object-store.ts';
import type { Pod, RunPod } from './pods.ts';
import { startRollout } from './rollout.ts';
import { NO_STATUS } from './rollout-status.ts';

export const NAMESPACE = 'eld';
export const DEPLOYMENT = 'eld-api';
export const CONFIG_MAP = 'eld-config';

export type RegionSpec = {
  readonly region: string;
  /** Replicas of the service to begin with. */
  readonly replicas: number;
  /** How many pods the region's nodes can hold. */
  readonly capacity: number;
  /** What stands in the ConfigMap `eld-config` to begin with. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly apiPort?: number;
  readonly servicePort?: number;
};

export type ClusterOptions = {
  readonly spec: RegionSpec;
  readonly tokens: Tokens;
  readonly runPod: RunPod;
  readonly file?: string;
};

/** One region's cluster. */
export type Cluster = {
  readonly region: string;
  /** Of the API server. */
  readonly server: string;
  /** Where the region's service is reached, whichever instances are ready. */
  readonly serviceUrl: string;
  readonly servicePort: number;
  pods(): readonly Pod[];
  /** Whether as many instances are ready as the deployments ask for. */
  isComplete(): boolean;
  /** The region loses power: API server and load balancer refuse, every instance is killed. Idempotent. */
  powerOff(): Promise<void>;
  /** Comes back on the same ports and starts what the deployments ask for. Idempotent. */
  powerOn(): Promise<void>;
  /** The service's image is gone from the registry: every instance dies, and none can be started any more. Idempotent. */
  loseImage(): void;
  /** It is there again: what waited for it starts. Idempotent. */
  findImage(): void;
  stop(): Promise<void>;
};

export async function startCluster({ spec, tokens, runPod, file }: ClusterOptions): Promise<Cluster> {
  const store = openObjectStore(file);
  fill(store, spec);
  let server = '';
  const { region, capacity } = spec;
  const image = createImage();
  const run: RunPod = async (order) => {
    await image.there();
    return runPod(order);
  };
  const rollout = startRollout({ region, store, run, capacity, apiServer: () => server });
  const readyPorts = () => rollout.pods().flatMap(({ ready, running }) => (ready && running ? [running.port] : []));
  const balancer = await startLoadBalancer(readyPorts, spec.servicePort);
  const createServer = () => createApiServer({ region, store, rollout, tokens, capacity });
  let app: FastifyInstance | undefined = createServer();
  server = await app.listen({ host: '127.0.0.1', port: spec.apiPort ?? 0 });
  rollout.reconcile();

  async function closeApi(): Promise<void> {
    const closing = app;
    app = undefined;
    await closing?.close();
  }
  return {
    region: spec.region,
    server,
    serviceUrl: `http://127.0.0.1:${balancer.port}`,
    servicePort: balancer.port,
    pods: () => rollout.pods(),
    isComplete: () => store.deployments().every(({ spec: { replicas }, status }) => status.readyReplicas === replicas),
    async powerOff() {
      rollout.powerOff();
      await Promise.all([closeApi(), balancer.powerOff()]);
    },
    async powerOn() {
      await balancer.powerOn();
      if (app === undefined) {
        app = createServer(); // a closed fastify can't listen again
        await app.listen({ host: '127.0.0.1', port: Number(new URL(server).port) });
      }
      rollout.powerOn();
    },
    loseImage() {
      image.lose();
      for (const pod of rollout.pods()) pod.running?.kill();
    },
    findImage: image.find,
    async stop() {
      await Promise.all([rollout.stop(), closeApi(), balancer.powerOff()]);
    },
  };
}

/** An image that can be lost. Whoever asks for a lost one waits, as a pod does in ImagePullBackOff. */
function createImage() {
  let lost: PromiseWithResolvers<void> | undefined;
  return {
    there: async () => lost?.promise,
    lose() {
      lost ??= Promise.withResolvers<void>();
    },
    find() {
      lost?.resolve();
      lost = undefined;
    },
  };
}

/** What a cluster has on its first start; what was kept from an earlier one stays. */
function fill(store: ObjectStore, spec: RegionSpec): void {
  if (store.deployment(NAMESPACE, DEPLOYMENT) === undefined) {
    const labels = { app: DEPLOYMENT };
    store.putDeployment({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...newMetadata(NAMESPACE, DEPLOYMENT), labels },
      spec: {
        replicas: spec.replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: DEPLOYMENT,
                image: 'eld-api:1',
                readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
                env: [{ name: 'REGION', value: spec.region }],
              },
            ],
          },
        },
      },
      status: NO_STATUS,
    });
  }
  if (store.configMap(NAMESPACE, CONFIG_MAP) === undefined) {
    store.putConfigMap({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: newMetadata(NAMESPACE, CONFIG_MAP),
      data: { ...spec.configuration },
    });
  }
}
