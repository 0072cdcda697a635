import { randomBytes } from 'node:crypto';
import type { ObjectStore } from './object-store.ts';
import { type Pod, type RunPod, startPod, stopPod, templateHash } from './pods.ts';
import { rolloutStatus } from './rollout-status.ts';
import type { Deployment } from './shapes.ts';

export type RolloutOptions = {
  readonly region: string;
  readonly store: ObjectStore;
  readonly run: RunPod;
  /** Asked when a pod is started: the API server listens by then. */
  readonly apiServer: () => string;
  /** How many pods this region's nodes can hold in all. */
  readonly capacity: number;
};

/** Makes the pods be what the deployments ask for. */
export type Rollout = {
  pods(): readonly Pod[];
  /** Looks at what is wanted and starts, replaces or ends pods. Cheap; call it after every change. */
  reconcile(): void;
  /** The region's nodes lose power: every pod is gone at once, and none is started until `powerOn`. */
  powerOff(): void;
  powerOn(): void;
  /** Ends all pods cleanly and starts no more. */
  stop(): Promise<void>;
};

const RESTART_DELAY_MS = 300;

export function startRollout(options: RolloutOptions): Rollout {
  const { store, run, region, capacity } = options;
  let pods: Pod[] = [];
  let power = true;
  let later: NodeJS.Timeout | undefined;

  const alive = () => pods.filter(({ state }) => state !== 'ended');

  function launch(deployment: Deployment, hash: string): void {
    const { name, namespace } = deployment.metadata;
    const suffix = randomBytes(3).toString('hex').slice(0, 5);
    const apiServer = options.apiServer();
    const order = { region, namespace, deployment: name, name: `${name}-${hash}-${suffix}`, apiServer };
    pods.push(startPod(order, hash, run, soon));
  }

  function reconcileOne(deployment: Deployment): void {
    const hash = templateHash(deployment);
    const mine = alive().filter(
      ({ order, state }) =>
        state !== 'stopping' &&
        order.deployment === deployment.metadata.name &&
        order.namespace === deployment.metadata.namespace,
    );
    const current = mine.filter((pod) => pod.hash === hash);
    const old = mine.filter((pod) => pod.hash !== hash);
    const { replicas } = deployment.spec;
    for (let missing = replicas - current.length; missing > 0 && alive().length < capacity; missing -= 1) {
      launch(deployment, hash);
    }
    const surplus = current.slice(replicas);
    const readyNow = current.filter(({ ready }) => ready).length;
    // an old pod goes only when a new one has taken its place, or when the nodes are full and none could start
    const full = alive().length >= capacity && current.length < replicas;
    const replaceable = old.slice(0, Math.max(full ? 1 : 0, readyNow - (replicas - old.length)));
    for (const pod of [...surplus, ...replaceable]) void stopPod(pod).then(soon);

    const status = rolloutStatus(deployment, mine, capacity, alive().length);
    if (JSON.stringify(status) !== JSON.stringify(deployment.status)) store.putDeployment({ ...deployment, status });
  }

  function reconcile(): void {
    pods = alive();
    if (!power) return;
    for (const deployment of store.deployments()) reconcileOne(deployment);
  }
  /** A pod that ended is replaced a moment later, so that one that can't start does not spin. */
  function soon(): void {
    if (!power || later !== undefined) return;
    const anEnd = pods.some(({ state }) => state === 'ended');
    later = setTimeout(
      () => {
        later = undefined;
        reconcile();
      },
      anEnd ? RESTART_DELAY_MS : 0,
    );
  }
  function powerOff(): void {
    power = false;
    clearTimeout(later);
    later = undefined;
    for (const pod of pods) {
      pod.ready = false;
      pod.running?.kill();
      pod.state = pod.running === undefined ? 'stopping' : 'ended';
    }
  }

  return {
    pods: () => alive(),
    reconcile,
    powerOff,
    powerOn() {
      if (power) return;
      power = true;
      reconcile();
    },
    async stop() {
      power = false;
      clearTimeout(later);
      await Promise.all(pods.map(stopPod));
      await Promise.all(pods.map((pod) => pod.running?.ended));
    },
  };
}
