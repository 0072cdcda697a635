import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PodOrder, RunningPod, RunPod } from '#sandbox/kubernetes';
import { accepts, COMPILE_CACHE, freePort, type Place, runIn, startChild, until } from '#sandbox/servers';
import type { ServiceSettings } from './service/settings.ts';

export type EldPodsOptions = {
  /** Of each region: with all members of the replica set that it writes to, as the user `eld`. */
  readonly mongodbUri: (region: string) => string;
  /** A token of `POD_RULES`. */
  readonly token: string;
  readonly namespace: string;
  readonly configMap: string;
  readonly logDir: string;
  /** Where instances of a region run; here when left out. */
  readonly place?: (region: string) => Place;
  /** Where instances renew their region's lease, and each region's secret. Left out: they write without one. */
  readonly leases?: EldLeases;
};

export type EldLeases = {
  readonly urls: readonly string[];
  readonly secrets: Readonly<Record<string, string>>;
};

const PROGRAM = fileURLToPath(new URL('./service/eld-service.ts', import.meta.url));
const DRAIN_MS = 5000;

/** Runs one instance of the ELD service a pod, each a process of its own on a free port. */
export function eldPods(options: EldPodsOptions): RunPod {
  mkdirSync(options.logDir, { recursive: true });
  return async (order: PodOrder): Promise<RunningPod> => {
    const port = await freePort();
    const settings: ServiceSettings = {
      name: order.name,
      region: order.region,
      port,
      mongodbUri: options.mongodbUri(order.region),
      apiServer: order.apiServer,
      token: options.token,
      namespace: options.namespace,
      configMap: options.configMap,
      ...leaseOf(options.leases, order.region),
    };
    const place = options.place?.(order.region);
    await place?.expose(port);
    const child = await startChild({
      ...runIn(place, process.execPath, [PROGRAM]),
      logFile: join(options.logDir, `${order.region}-${order.deployment}.log`),
      env: {
        ...process.env,
        ...COMPILE_CACHE,
        ELD_SERVICE_SETTINGS: JSON.stringify(settings),
      },
    });
    if (place !== undefined) void child.exited.then(() => place.withdraw(port)).catch(() => undefined);
    // a process that ends at once is a crash like any other: the pod is replaced
    await until(`${order.name} listens`, async () => !child.running() || (await accepts(port)));
    return {
      port,
      ended: child.exited,
      stop: async () => {
        await child.stop(DRAIN_MS);
      },
      kill: (signal = 'SIGKILL') => child.kill(signal),
    };
  };
}

function leaseOf(leases: EldLeases | undefined, region: string): Pick<ServiceSettings, 'lease'> {
  const secret = leases?.secrets[region];
  return leases === undefined || secret === undefined ? {} : { lease: { urls: [...leases.urls], secret } };
}
