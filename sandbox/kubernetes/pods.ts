import { createHash } from 'node:crypto';
import { fetch } from 'undici';
import type { Deployment } from './shapes.ts';

/** What is asked of whoever really runs the service: one instance of it, in one region. */
export type PodOrder = {
  readonly region: string;
  readonly namespace: string;
  readonly deployment: string;
  /** `eld-api-5f6c9d7b8-x2x7q`, as in `kubectl get pods`. */
  readonly name: string;
  /** Of the cluster it runs in, as every real pod is told. */
  readonly apiServer: string;
};

/** A running instance. */
export type RunningPod = {
  readonly port: number;
  /** Resolves when the process has ended, by whatever. */
  readonly ended: Promise<unknown>;
  /** Ends it cleanly, letting it finish what it is doing. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL unless another is named; SIGSTOP and SIGCONT freeze and thaw. */
  kill(signal?: NodeJS.Signals): void;
};

export type RunPod = (order: PodOrder) => Promise<RunningPod>;

export type Pod = {
  readonly order: PodOrder;
  /** Of the template it was made from. */
  readonly hash: string;
  readonly startedAt: string;
  state: 'starting' | 'running' | 'stopping' | 'ended';
  ready: boolean;
  running: RunningPod | undefined;
};

const PROBE_EVERY_MS = 500;
const PROBE_TIMEOUT_MS = 1000;
/** So many misses in a row take a pod out; one miss is a hiccup. */
const FAILURE_THRESHOLD = 3;

/** Ten letters and digits that change when the template changes: pods of another template are out of date. */
export const templateHash = (deployment: Deployment): string =>
  createHash('sha256').update(JSON.stringify(deployment.spec.template)).digest('hex').slice(0, 10);

/**
 * Starts one pod and probes `GET /ready` until it ends, as a kubelet does. `changed` is called whenever its state or
 * readiness changes. The pod is returned at once, in state `starting`.
 */
export function startPod(order: PodOrder, hash: string, run: RunPod, changed: () => void): Pod {
  const pod: Pod = {
    order,
    hash,
    startedAt: new Date().toISOString(),
    state: 'starting',
    ready: false,
    running: undefined,
  };
  void live(pod, run, changed);
  return pod;
}

async function live(pod: Pod, run: RunPod, changed: () => void): Promise<void> {
  try {
    const running = await run(pod.order);
    pod.running = running;
    if (pod.state === 'stopping') await running.stop();
    else pod.state = 'running';
    void probe(pod, running.port, changed);
    await running.ended;
  } catch (error) {
    console.error(`${pod.order.name} did not start:`, error);
  } finally {
    pod.state = 'ended';
    pod.ready = false;
    changed();
  }
}

async function probe(pod: Pod, port: number, changed: () => void): Promise<void> {
  let misses = 0;
  while (pod.state === 'running') {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const well = await fetch(`http://127.0.0.1:${port}/ready`, { signal }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
    misses = well ? 0 : misses + 1;
    const ready = pod.state === 'running' && (well || (pod.ready && misses < FAILURE_THRESHOLD));
    if (ready !== pod.ready) {
      pod.ready = ready;
      changed();
    }
    await new Promise((resolve) => setTimeout(resolve, ready ? PROBE_EVERY_MS : 50).unref());
  }
}

/** Takes it out of service first, then ends it: no new connection may meet a process that is going away. */
export async function stopPod(pod: Pod): Promise<void> {
  if (pod.state === 'ended' || pod.state === 'stopping') return;
  pod.state = 'stopping';
  pod.ready = false;
  await pod.running?.stop();
}
