import type { Clock, Region } from '#core';
import type { CheckName, Plan } from '#plan';
import { servingRegions } from '#plan';
import type {
  Canary,
  Clusters,
  ControlStore,
  DiskRoom,
  Dns,
  Look,
  MemberHosts,
  MemberLoads,
  ReplicaSet,
  Traffic,
} from '#ports';
import { ALARM_TOPICS, alarmLooks } from './looks/alarms.ts';
import { answersLook, ifSeen, type QuietLook, replicasLook } from './looks/answering.ts';
import { askedOnce } from './looks/asked-once.ts';
import { canaryLook } from './looks/canary.ts';
import { errorsLook } from './looks/errors.ts';
import { cacheLook, connectionsLook, disksLook, loginsLook } from './looks/loads.ts';
import { askMachines, cpuLook, memoryLook } from './looks/machines.ts';
import { electionsLook, lagLook, membersLook, primaryLook, redundancyLook } from './looks/members.ts';
import { seldom } from './looks/seldom.ts';
import type { Probe } from './probe.ts';

/** What a region's part of the outside is asked through. */
export interface Asks {
  /** Reads something small from the vault's bucket. */
  readonly bucket: () => Promise<unknown>;
  /** Wraps a key and opens it again. */
  readonly key: () => Promise<unknown>;
}

/** Everything that is looked at, through ports and through looks that adapters make. */
export interface ProbeParts {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly store: ControlStore;
  readonly replicaSet: Pick<ReplicaSet, 'look'>;
  readonly canary: Canary;
  readonly loads: MemberLoads;
  readonly disks: () => Promise<readonly DiskRoom[]>;
  /** The agents on the members' machines, and whose they are; undefined where there are none. */
  readonly machines: { readonly hosts: Pick<MemberHosts, 'look'>; readonly members: readonly string[] } | undefined;
  readonly traffic: Pick<Traffic, 'view'>;
  readonly clusters: Pick<Clusters, 'replicas'>;
  readonly dns: Pick<Dns, 'weights'>;
  /** Of the regions that have a bucket and a key. */
  readonly asks: ReadonlyMap<Region, Asks>;
  /** Undefined where we have no token: then nobody relies on it either. */
  readonly slack: (() => Promise<unknown>) | undefined;
  readonly pager: (() => Promise<unknown>) | undefined;
  /** Whether the region's service says that it works. */
  readonly health: (region: Region) => Look;
  readonly queue: { readonly answers: () => Promise<unknown>; readonly depth: Look };
  /** Whether the region's bucket locks, keeps versions and encrypts. */
  readonly bucketGuard: (region: Region) => Look;
  /** By the host that shows them. */
  readonly certificates: ReadonlyMap<string, Look>;
}

/** One round reads the replica set once. */
const ROUND_MS = 1_000;

/** Rounds between two looks at what only people change: five minutes, at the plan's thirty seconds a round. */
const SELDOM_ROUNDS = 10;

/** The probes of all five checks, as the plan's regions have them. Which ones speak for their check is said here. */
export function probesOf(parts: ProbeParts): Probe[] {
  const { plan, clock } = parts;
  const nowMs = (): number => clock.monotonicMs();
  const view = askedOnce(() => parts.replicaSet.look(), { clock, ms: ROUND_MS });
  const loads = askedOnce(() => parts.loads.look(), { clock, ms: ROUND_MS });
  const machines = askedOnce(askMachines(parts.machines?.hosts, parts.machines?.members ?? []), {
    clock,
    ms: ROUND_MS,
  });
  const traffic = askedOnce(() => parts.traffic.view(), { clock, ms: ROUND_MS });
  const { limits, flapping } = plan.detection;
  const { thresholds } = plan;
  const serving = servingRegions(plan);
  const lagMs = plan.failover.replicationLagLimitSeconds * 1_000;
  const often = { changes: flapping.changes, withinMs: flapping.withinMinutes * 60_000 };
  const alarm = alarmLooks(parts.store, clock);
  const settings = { clock, ms: plan.detection.intervalSeconds * 1_000 * SELDOM_ROUNDS };
  return [
    ...checkProbes('database_connectivity', [
      ['primary', 'database', primaryLook(view)],
      ['canary', 'database', canaryLook(parts.canary, clock)],
      ...serving.map((region): Row => ['members', 'database', membersLook(view, region), region]),
    ]),
    ...ownProbes('database_connectivity', [
      ['elections', 'database', ifSeen(electionsLook(view, often, nowMs))],
      ...serving.flatMap((region): Row[] => [
        ['redundancy', 'database', ifSeen(redundancyLook(view, region)), region],
        ['lag', 'database', ifSeen(lagLook(view, region, lagMs)), region],
      ]),
    ]),
    ...checkProbes(
      'application_response',
      serving.flatMap((region): Row[] => [
        ['http', plan.service.title, parts.health(region), region],
        ['errors', plan.service.title, errorsLook(traffic, region, thresholds.errorRatePercent), region],
      ]),
    ),
    ...ownProbes('external_dependencies', [
      ...[...parts.asks].flatMap(([region, { bucket, key }]): Row[] => [
        ['s3', 'S3', answersLook('S3', bucket, clock), region],
        ['kms', 'KMS', answersLook('KMS', key, clock), region],
      ]),
      ...serving.map(
        (region): Row => [
          'kubernetes',
          'Kubernetes',
          answersLook('Kubernetes', () => parts.clusters.replicas(region), clock),
          region,
        ],
      ),
      ['route53', 'Route 53', answersLook('Route 53', () => parts.dns.weights(), clock)],
      ['redis', 'Redis', answersLook('Redis', parts.queue.answers, clock)],
      ...(parts.slack ? [['slack', 'Slack', answersLook('Slack', parts.slack, clock)] satisfies Row] : []),
      ...(parts.pager ? [['pagerduty', 'PagerDuty', answersLook('PagerDuty', parts.pager, clock)] satisfies Row] : []),
    ]),
    ...ownProbes('resource_availability', [
      ['disk', 'database', ifSeen(disksLook(parts.disks, limits.diskFreePercent))],
      ['connections', 'database', ifSeen(connectionsLook(loads, limits.connectionsPercent))],
      ['cache', 'database', ifSeen(cacheLook(loads, limits.cachePercent))],
      ['cpu', 'database', ifSeen(cpuLook(machines, limits.cpuPercent, nowMs))],
      ['memory', 'database', ifSeen(memoryLook(machines, limits.memoryFreePercent))],
      ['queue', 'queue', ifSeen(parts.queue.depth)],
      ...serving.map((region): Row => ['instances', 'service', ifSeen(replicasLook(parts.clusters, region)), region]),
    ]),
    ...ownProbes('security_posture', [
      ['logins', 'database', ifSeen(loginsLook(loads, limits.failedLoginsPerMinute, nowMs))],
      ...[...parts.asks.keys()].map(
        (region): Row => ['bucket', 'vault', ifSeen(seldom(parts.bucketGuard(region), settings)), region],
      ),
      ...[...parts.certificates].map(
        ([host, look]): Row => [`certificate-${host}`, host, ifSeen(seldom(look, settings))],
      ),
    ]),
    ...ALARM_TOPICS.flatMap((topic) => ownProbes(topic.check, [[topic.rule, topic.subject, alarm(topic)]])),
  ];
}

/** Name, subject, look, and the region where it has one. */
type Row = readonly [name: string, subject: string, run: Look | QuietLook, region?: Region];

const rows =
  (speaksFor: Probe['speaksFor']) =>
  (check: CheckName, all: readonly Row[]): Probe[] =>
    all.map(([name, subject, run, region]) => ({
      ...{ name, check, subject, speaksFor, run },
      ...(region ? { region } : {}),
      ...('quiet' in run ? { quiet: true as const } : {}),
    }));
const checkProbes = rows('check');
const ownProbes = rows('itself');
