import { type Alarm, openAlarms } from '#alarms';
import { type CaptureState, type RpoRecord, readCaptureState, readRpo } from '#capture';
import type { Region, RequestId } from '#core';
import { MOVES, servedWeights } from '#failover';
import { type Incident, openIncidents } from '#incidents';
import { type Override, readOverrides } from '#oncall';
import { servingRegions } from '#plan';
import type { RegionWeight, ReplicaSetView, Replicas, TrafficView } from '#ports';
import { type Readiness, readReadiness } from '#readiness';
import { chatUnreachableSince } from '#record';
import { type BackupList, listBackups } from '#vault';
import { isOver, newestDone, type RunRecord } from '#workflow';
import type { RequestView } from '../cards/request-view.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { viewOf } from '../view-of.ts';
import { type Fact, factWithin } from './fact.ts';

/** The whole answer is promised within 2 s, whatever is dead. */
const WITHIN_MS = 1_600;

/** What `/dr status` is made of: every fact read from where it is true, all at once, none waited for too long. */
export interface Surroundings {
  readonly at: Date;
  /** The control store's clock; how long it took to answer is its health. */
  readonly store: Fact<Date>;
  readonly wakeAlive: Fact<boolean>;
  /** Since when nothing reaches Slack, as whoever posts there wrote it down; undefined: all is well. */
  readonly chatOutSince: Fact<Date | undefined>;
  readonly database: Fact<ReplicaSetView>;
  /** Asked beside it: a frozen member holds the look at all of them up, but not this. */
  readonly primary: Fact<string>;
  readonly weights: Fact<readonly RegionWeight[]>;
  readonly traffic: Fact<TrafficView>;
  readonly replicas: ReadonlyMap<Region, Fact<Replicas>>;
  readonly backups: Fact<BackupList>;
  /** What capture wrote down last; undefined: nothing was ever captured. */
  readonly capture: Fact<CaptureState | undefined>;
  /** How long a write takes until it is durable, as whoever watches measured it; undefined: never yet. */
  readonly rpo: Fact<RpoRecord | undefined>;
  readonly alarms: Fact<readonly Alarm[]>;
  /** Who takes a role for a while; where they are not known, duty is by the plan alone. */
  readonly overrides: Fact<readonly Override[]>;
  /** Open ones. */
  readonly incidents: Fact<readonly Incident[]>;
  readonly waiting: Fact<readonly RequestView[]>;
  /** Runs that are moving, held, or failed and not yet closed. */
  readonly runs: Fact<readonly RequestView[]>;
  /** The newest restore whose data was proved. */
  readonly lastProof: Fact<RunRecord | undefined>;
  readonly readiness: Fact<readonly Readiness[]>;
  /** The newest move that is done. */
  readonly lastMove: Fact<RunRecord | undefined>;
}

/**
 * Looks around. Never rejects; takes at most about 1.7 s, and twice that when most were not heard: then it may be us, a
 * process that has just started and opens every connection first, and who is asked again answers at once.
 */
export async function lookAround(world: HoldfastWorld): Promise<Surroundings> {
  const first = await lookOnce(world);
  const { at: _at, replicas, ...facts } = first;
  const all = [...Object.values(facts), ...replicas.values()];
  return all.filter(({ known }) => !known).length * 2 < all.length ? first : lookOnce(world);
}

async function lookOnce(world: HoldfastWorld): Promise<Surroundings> {
  const { clock, move, plan } = world;
  const fact = <T>(ask: () => Promise<T>): Promise<Fact<T>> => factWithin(clock, WITHIN_MS, ask);
  const serving = servingRegions(plan);
  const [
    store,
    wakeAlive,
    chatOutSince,
    database,
    primary,
    weights,
    traffic,
    backups,
    capture,
    rpo,
    alarms,
    overrides,
    incidents,
    waiting,
    runs,
    lastProof,
    readiness,
    lastMove,
    ...replicas
  ] = await Promise.all([
    fact(() => world.store.now()),
    fact(() => world.wake.isAlive()),
    fact(() => chatUnreachableSince(world.store)),
    fact(() => move.replicaSet.look()),
    fact(() => move.replicaSet.primary()),
    fact(() => servedWeights(move)),
    fact(() => move.traffic.view()),
    fact(() => listBackups(world.backup.vault, { limit: 3 })),
    fact(() => readCaptureState(world.store)),
    fact(() => readRpo(world.store)),
    fact(() => openAlarms(world.store)),
    fact(() => readOverrides(world.store)),
    fact(() => openIncidents(world.store)),
    fact(() => waitingViews(world)),
    fact(() => runViews(world)),
    fact(() => newestDone(world.journal, ['restore'])),
    fact(() => readReadiness(world.store)),
    fact(() => newestDone(world.journal, MOVES)),
    ...serving.map((region) => fact(() => move.clusters.replicas(region))),
  ]);
  const byRegion = new Map(
    serving.flatMap((region, index) => {
      const found = replicas[index];
      return found ? [[region, found] as const] : [];
    }),
  );
  return {
    at: clock.now(),
    ...{
      store,
      wakeAlive,
      chatOutSince,
      database,
      primary,
      weights,
      traffic,
      backups,
      capture,
      rpo,
      alarms,
      overrides,
      incidents,
      waiting,
      runs,
      lastProof,
      readiness,
      lastMove,
    },
    replicas: byRegion,
  };
}

async function waitingViews(world: HoldfastWorld): Promise<RequestView[]> {
  const found = await world.requests.find({
    where: { state: 'waiting' },
    sort: { by: 'askedAt', order: 'ascending' },
    limit: 10,
  });
  return viewsOf(
    found.map(({ value }) => value.id),
    world,
  );
}

async function runViews(world: HoldfastWorld): Promise<RequestView[]> {
  const found = await world.journal.find({
    where: { state: { in: ['waiting', 'running', 'held', 'putting-back', 'failed'] } },
    sort: { by: 'createdAt', order: 'descending' },
    limit: 50,
  });
  const open = found.filter(({ value }) => !isOver(value)).slice(0, 10);
  return viewsOf(
    open.map(({ value }) => value.id),
    world,
  );
}

const viewsOf = async (ids: readonly RequestId[], world: HoldfastWorld): Promise<RequestView[]> =>
  (await Promise.all(ids.map((id) => viewOf(id, world.flow())))).flatMap((view) => view ?? []);
