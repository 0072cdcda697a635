import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  CONFIG_MAP,
  HOLDFAST_RULES,
  type Kubernetes,
  NAMESPACE,
  POD_RULES,
  READER_RULES,
  startKubernetes,
} from '#sandbox/kubernetes';
import type { Place } from '#sandbox/servers';
import { createEldRecords, type RegionRecord } from './dns-records.ts';
import { type EldLeases, eldPods } from './eld-pods.ts';
import { type Drivers, startDrivers } from './start-drivers.ts';

export type EldRegion = {
  readonly region: string;
  readonly replicas: number;
  readonly capacity: number;
  /** Of the weighted record, to begin with. */
  readonly weight: number;
  readonly filesBucket: string;
  /** Where its instances write, if not where all others do. */
  readonly mongodbUri?: string;
  /** Fixed ports, for addresses that outlive a start; free ones when left out. */
  readonly apiPort?: number;
  readonly servicePort?: number;
  /** See `RegionRecord`. */
  readonly switch?: RegionRecord['switch'];
};

/** As in plan.yaml: three instances serve in the east, two wait in the west, where there is room for more. */
export const ELD_REGIONS: readonly EldRegion[] = [
  { region: 'us-east-1', replicas: 3, capacity: 5, weight: 100, filesBucket: 'eld-files-us-east-1' },
  { region: 'us-west-2', replicas: 2, capacity: 5, weight: 0, filesBucket: 'eld-files-us-west-2' },
];

/** Where nothing runs before it is asked for. */
export const COLD_REGION: EldRegion = {
  ...{ region: 'eu-west-1', replicas: 0, capacity: 5, weight: 0, filesBucket: 'eld-files-eu-west-1' },
};

export type EldOptions = {
  /** With all members of the protected replica set, as the user `eld`. */
  readonly mongodbUri: string;
  /** The AWS stand-in itself, not a region's gateway. */
  readonly route53: string;
  readonly zoneId: string;
  readonly name: string;
  readonly ttlSeconds: number;
  readonly perSecond: number;
  readonly drivers: number;
  readonly regions: readonly EldRegion[];
  /** Keeps the ledger, the clusters' objects, logs and the kubeconfig. */
  readonly dir: string;
  /** Where processes of a region run; here when left out. */
  readonly place?: (region: string) => Place;
  /** As `eldPods` takes them. With leases nobody can write before one is open: then drivers begin when they are told. */
  readonly leases?: EldLeases;
};

export type Eld = {
  readonly kubernetes: Kubernetes;
  readonly drivers: Drivers;
  /** For Holdfast: one context a region, with the rights of `HOLDFAST_RULES`. */
  readonly kubeconfig: string;
  /** A token that may look at everything and change nothing. */
  readonly readerToken: string;
  /** Drivers first, so that they do not count our own going as an outage. Idempotent. */
  stop(): Promise<void>;
};

/** Starts the whole protected system on servers that run: clusters and instances, DNS records, drivers. */
export async function startEld(options: EldOptions): Promise<Eld> {
  const [holdfast, pod, readerToken] = [newToken(), newToken(), newToken()];
  const active = options.regions.find(({ weight }) => weight > 0)?.region ?? '';
  const logDir = join(options.dir, 'logs');
  const kubernetes = await startKubernetes({
    regions: options.regions.map(({ region, replicas, capacity, filesBucket, apiPort, servicePort }) => ({
      region,
      replicas,
      capacity,
      ...(apiPort === undefined ? {} : { apiPort }),
      ...(servicePort === undefined ? {} : { servicePort }),
      configuration: { 'active-region': active, 'files-bucket': filesBucket },
    })),
    tokens: {
      [holdfast]: { user: 'holdfast', rules: HOLDFAST_RULES },
      [pod]: { user: 'system:serviceaccount:eld:eld-api', rules: POD_RULES },
      [readerToken]: { user: 'sandbox-world', rules: READER_RULES },
    },
    runPod: eldPods({
      mongodbUri: (region) => options.regions.find((each) => each.region === region)?.mongodbUri ?? options.mongodbUri,
      token: pod,
      namespace: NAMESPACE,
      configMap: CONFIG_MAP,
      logDir,
      ...(options.place === undefined ? {} : { place: options.place }),
      ...(options.leases === undefined ? {} : { leases: options.leases }),
    }),
    dir: join(options.dir, 'kubernetes'),
  });
  try {
    const kubeconfig = join(options.dir, 'kubeconfig');
    kubernetes.writeKubeconfig(kubeconfig, holdfast);
    const { route53, zoneId, name, ttlSeconds } = options;
    await createEldRecords({
      endpoint: route53,
      zoneId,
      name,
      ttlSeconds,
      regions: options.regions.map(({ region, weight, switch: lies }) => ({
        region,
        weight,
        port: kubernetes.cluster(region).servicePort,
        ...(lies === undefined ? {} : { switch: lies }),
      })),
    });
    await kubernetes.ready();
    const drivers = await startDrivers({
      route53,
      zoneId,
      name,
      perSecond: options.perSecond,
      drivers: options.drivers,
      begin: options.leases === undefined ? 'at-once' : 'when-told',
      mongodbUri: options.mongodbUri,
      ledger: join(options.dir, 'acknowledged.ndjson'),
      logFile: join(logDir, 'drivers.log'),
    });
    return {
      kubernetes,
      drivers,
      kubeconfig,
      readerToken,
      async stop() {
        await drivers.stop();
        await kubernetes.stop();
      },
    };
  } catch (error) {
    await kubernetes.stop();
    throw error;
  }
}

const newToken = () => randomBytes(24).toString('base64url');
