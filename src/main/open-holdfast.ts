import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { bullWakeQueue } from '#adapters/bullmq';
import { openControlStore } from '#adapters/control-store';
import { createTotpStepUp, noStepUp, readApprovalKeys, type StepUp } from '#approvals';
import { commands } from '#commands';
import { type Config, type ConfigWith, loadConfig } from '#config';
import { createLogger, type Logger, systemClock, systemRandom } from '#core';
import type { ServingDatabase } from '#failover';
import type { WatchingFence } from '#fence';
import { type Flow, type HoldfastWorld, openRequests } from '#flows';
import { jobs } from '#jobs';
import { createRoster } from '#oncall';
import { loadPlan, type Plan } from '#plan';
import type { ControlStore, History, Leases, RegionLeases, WakeQueue } from '#ports';
import { createTimeline } from '#record';
import { openJournal, openLocks } from '#workflow';
import { type Closers, createClosers } from './closers.ts';
import { followServing } from './follow-serving.ts';
import { openCold } from './open-cold.ts';
import { openIncidentsWorld } from './open-incidents.ts';
import { openLostRegion } from './open-lost-region.ts';
import { openWaysToPeople } from './open-pager.ts';
import { acknowledgedIn, openActing } from './open-world.ts';

const NEEDS = ['controlMongodbUri', 'mongodbUri', 'kubeconfigPath'] as const;
export type HoldfastConfig = ConfigWith<(typeof NEEDS)[number]>;

/** A process of Holdfast, wired: ports to adapters, rooms to ports. Roles take from it what they need. */
export interface Holdfast {
  readonly config: HoldfastConfig;
  /** The database in a cold region that it was opened on; undefined on the environment's. */
  readonly served: ServingDatabase | undefined;
  readonly plan: Plan;
  readonly flow: Flow<HoldfastWorld>;
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly history: History;
  readonly regionLeases: (ttlMs: number) => RegionLeases;
  readonly fence: WatchingFence;
  readonly wake: WakeQueue;
  readonly logger: Logger;
  /** Unique for this process: who holds leases. */
  readonly holder: string;
  readonly closers: Closers;
}

/**
 * Reads the environment and plan.yaml and opens everything. Throws CONFIG_INVALID and PLAN_INVALID (user) with all
 * mistakes at once; then nothing was started.
 */
export async function openHoldfast(role: string, more: { readonly logLevel?: string } = {}): Promise<Holdfast> {
  const loaded = loadConfig(NEEDS);
  const { plan, hash } = await loadPlan(loaded.planPath);
  const holder = `${role}-${loaded.region ?? hostname()}-${process.pid}`;
  const logger = createLogger(holder, more.logLevel ?? loaded.logLevel);
  const closers = createClosers();
  const { store, leases, history, regionLeases } = closers.keep(
    openControlStore({ uri: loaded.controlMongodbUri.reveal() }),
  );
  const { config, served } = await followServing(loaded, { plan, store, clock: systemClock });
  const wake = closers.keep(openWake(config, logger));
  const roster = createRoster(plan);
  const timeline = createTimeline({ store, clock: systemClock, random: systemRandom });
  const common = { plan, planHash: hash, roster, store, timeline, clock: systemClock, random: systemRandom };
  const {
    fence,
    lostRegion: parts,
    ...acting
  } = openActing(config, {
    ...{ ...common, leases, regionLeases, closers },
    coldServes: served?.region,
  });
  const journal = openJournal(store);
  const requests = openRequests(store);
  const lostRegion = openLostRegion(acting.move, parts, common);
  const cold = openCold(config, acting, { ...common, acknowledgedIn: acknowledgedIn(plan) });
  const world: HoldfastWorld = {
    ...common,
    ...acting,
    lostRegion,
    cold,
    history,
    wake,
    journal,
    requests,
    flow: () => flow,
  };
  const flow: Flow<HoldfastWorld> = {
    ...common,
    commands,
    jobs,
    world,
    requests,
    journal,
    locks: openLocks(store),
    wake,
    incidents: openIncidentsWorld(common, openWaysToPeople(config, systemClock), requests, journal),
    approvalKeys: await approvalKeys(config),
    stepUp: openStepUp(config, plan, store),
    logger,
  };
  return { config, served, plan, flow, store, leases, history, regionLeases, fence, wake, logger, holder, closers };
}

/** Without Redis the sweep finds every run a second later; that is no reason not to start. */
function openWake(config: Config, log: Logger): WakeQueue {
  return bullWakeQueue({ redisUrl: config.redisUrl?.reveal() ?? 'redis://127.0.0.1:6379', log });
}

async function approvalKeys(config: Config) {
  const read = async (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'));
  const privatePem = await read(config.approvalKeyPath);
  const publicPem = await read(config.approvalPublicKeyPath);
  return readApprovalKeys({
    ...(privatePem === undefined ? {} : { privatePem }),
    ...(publicPem === undefined ? {} : { publicPem }),
  });
}

function openStepUp(config: Config, plan: Plan, store: ControlStore): StepUp {
  const { stepUpKey } = config;
  if (stepUpKey === undefined) return noStepUp;
  return createTotpStepUp({
    store,
    sealKey: Buffer.from(stepUpKey.reveal(), 'base64'),
    random: systemRandom,
    issuer: plan.system.name,
  });
}
