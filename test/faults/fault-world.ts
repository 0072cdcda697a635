import {
  memoryClusters,
  memoryControlStore,
  memoryDns,
  memoryHistory,
  memoryLeases,
  memoryReplicaSet,
} from '#adapters/memory';
import { generateApprovalKeys, readApprovalKeys } from '#approvals';
import { DrError, type Region } from '#core';
import { type Probe, probesOf } from '#detection';
import { EAST, EU, WELL, WEST } from '../detection/reports.ts';
import { gatewayDouble, pagerDouble } from '../incidents/pager-double.ts';
import { movedClock, START } from '../incidents/world.ts';
import { eldPlan } from '../support/eld-plan.ts';

/** What can be broken. A region's own is named with it: `s3/us-east-1`. */
export type Part =
  | `${'s3' | 'kms' | 'kubernetes' | 'service' | 'detector'}/${string}`
  | 'canary'
  | 'redis'
  | 'slack'
  | 'pagerduty'
  | 'dns'
  | 'store';

export type How = 'stopped' | 'slow';

const REGIONS = [EAST, WEST, EU] as const;

/** Everything that detectors look at, in this process and each of it breakable. A slow part never answers in time. */
export function faultWorld() {
  const clock = movedClock(START);
  const broken = new Map<Part, How>();
  const kept = memoryControlStore(clock);
  const set = memoryReplicaSet([
    { host: 'east-1', region: EAST, priority: 3 },
    { host: 'east-2', region: EAST, priority: 2 },
    { host: 'west-1', region: WEST, priority: 1 },
  ]);
  const asked = async <T>(part: Part, answer: () => T | Promise<T>): Promise<T> => {
    const how = broken.get(part);
    if (how === 'slow') return new Promise(() => undefined);
    if (how === 'stopped') throw new DrError('SERVICE_UNAVAILABLE', 'transient', 'connection refused');
    return answer();
  };
  const cluster = { wanted: 2, room: 4, configuration: {} };
  const clusters = memoryClusters(new Map([EAST, WEST].map((region) => [region, { ...cluster }])));
  const dns = memoryDns([
    { region: EAST, weight: 100 },
    { region: WEST, weight: 0 },
  ]);
  const pager = pagerDouble(clock.now);
  pager.failWhen(() => broken.has('pagerduty'));
  const time = { term: 1, seconds: 1, increment: 1 };
  const probes: readonly Probe[] = probesOf({
    plan: eldPlan,
    clock,
    store: kept,
    replicaSet: set,
    canary: { write: () => asked('canary', () => set.primary().then(() => time)) },
    loads: {
      look: async () => [
        { member: 'east-1', connections: { current: 10, available: 990 }, cache: undefined, logins: undefined },
      ],
    },
    disks: async () => [{ member: 'east-1', freeBytes: 50e9, totalBytes: 100e9 }],
    machines: undefined,
    traffic: { view: async () => ({ windowMs: 5_000, byRegion: [] }) },
    clusters: { replicas: (region) => asked(`kubernetes/${region}`, () => clusters.replicas(region)) },
    dns: { weights: () => asked('dns', () => dns.weights()) },
    asks: new Map(
      REGIONS.map((region) => [
        region,
        { bucket: () => asked(`s3/${region}`, () => true), key: () => asked(`kms/${region}`, () => true) },
      ]),
    ),
    slack: () => asked('slack', () => true),
    pager: () => asked('pagerduty', () => true),
    // a service says that it works when it reached the database
    health: (region: Region) => () =>
      asked(`service/${region}`, async () => {
        await set.primary();
        return WELL;
      }),
    queue: { answers: () => asked('redis', () => true), depth: async () => asked('redis', () => WELL) },
    bucketGuard: (region) => () => asked(`s3/${region}`, () => WELL),
    certificates: new Map(),
  });
  const store: typeof kept = {
    ...kept,
    // its adapter gives up by itself, so a slow one is refused like a dead one
    now: async () => {
      if (broken.has('store'))
        throw new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.');
      return kept.now();
    },
  };
  return {
    ...{ clock, set, pager, probes, store },
    notifiers: [gatewayDouble('sms').notifier, gatewayDouble('voice').notifier],
    leases: memoryLeases(clock),
    history: memoryHistory(clock),
    keys: readApprovalKeys(generateApprovalKeys()),
    break: (part: Part, how: How) => void broken.set(part, how),
    mend: (part: Part) => void broken.delete(part),
    isBroken: (part: Part) => broken.has(part),
  };
}
export type FaultWorld = ReturnType<typeof faultWorld>;
