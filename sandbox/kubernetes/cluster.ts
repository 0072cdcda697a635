import { startGateway } from '#sandbox/servers';
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
  /** Everything stands still: API server and service take connections and answer nothing. Idempotent. */
  freeze(): Promise<void>;
  /** Comes back on the same ports, thaws, and starts what the deployments ask for. Idempotent. */
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
  const instances = () => rollout.pods().flatMap(({ running }) => running ?? []);
  const readyNow = () => rollout.pods().flatMap(({ ready, running }) => (ready && running ? [running.port] : []));
  /** Whoever would find out that an instance does not answer is frozen too. */
  let readyWhenFrozen: readonly number[] | undefined;
  const readyPorts = () => readyWhenFrozen ?? readyNow();
  const balancer = await startLoadBalancer(readyPorts, spec.servicePort);
  const app = createApiServer({ region, store, rollout, tokens, capacity });
  const behind = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const door = await startGateway({
    targetPort: Number(behind.port),
    ...(spec.apiPort === undefined ? {} : { port: spec.apiPort }),
  });
  server = door.endpoint;
  rollout.reconcile();

  return {
    region: spec.region,
    server,
    serviceUrl: `http://127.0.0.1:${balancer.port}`,
    servicePort: balancer.port,
    pods: () => rollout.pods(),
    isComplete: () => store.deployments().every(({ spec: { replicas }, status }) => status.readyReplicas === replicas),
    async powerOff() {
      rollout.powerOff();
      await Promise.all([door.cut(), balancer.powerOff()]);
    },
    async freeze() {
      readyWhenFrozen ??= readyNow();
      for (const running of instances()) running.kill('SIGSTOP');
      await door.pause();
    },
    async powerOn() {
      for (const running of instances()) running.kill('SIGCONT');
      readyWhenFrozen = undefined;
      await balancer.powerOn();
      await door.restore();
      rollout.powerOn();
    },
    loseImage() {
      image.lose();
      for (const running of instances()) running.kill();
    },
    findImage: image.find,
    async stop() {
      await Promise.all([rollout.stop(), app.close(), door.stop(), balancer.powerOff()]);
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
