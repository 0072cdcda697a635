import { memoryChat } from '#adapters/memory';
import type { Region } from '#core';
import { type Finding, type Judgement, judge, told } from '#detection';
import { type Flow, takeFindings } from '#flows';
import { deliverPages, openIncidents, pagesOf, tick } from '#incidents';
import type { ControlStore } from '#ports';
import { readReports } from '../../src/detection/report.ts';
import { createReporter } from '../../src/detection/reporter.ts';
import { createRounds } from '../../src/detection/run-round.ts';
import { EAST, EU, WEST } from '../detection/reports.ts';
import { flowBench } from '../flows/flow-bench.ts';
import type { SmallWorld } from '../flows/small-world.ts';
import { type FaultWorld, faultWorld, type Part } from './fault-world.ts';
import type { Fault } from './faults.ts';

/** What came of a fault: one line of the table. */
export interface FaultRow {
  readonly fault: string;
  /** Titles of what calls people, the first first; empty where nothing does. */
  readonly found: readonly string[];
  readonly check: string;
  readonly severity: string;
  /** Names, by the first call of the first incident. */
  readonly paged: readonly string[];
  readonly ways: readonly string[];
  /** From the fault to the first call, in seconds. */
  readonly afterSeconds: number | undefined;
  /** From the fault to a failover being asked for, where the target is ready, in seconds. */
  readonly proposedSeconds: number | undefined;
}

const INTERVAL_MS = 30_000;
/** Detectors look a few seconds apart. */
const APART_MS = 7_000;
/** Rounds before the fault: what is well must be known as such. */
const WELL_ROUNDS = 3;
/** The first detector looked a moment ago: the longest that one can wait for the next look. */
const AFTER_ROUND_MS = 1_000;
/** Long enough for what only its length makes a breach. */
const WATCHED_MS = 360_000;
/** In the place of a probe's deadline; what answers does so without waiting for anything. */
const DEADLINE_MS = 2;

/**
 * Breaks one thing under three detectors and watches for `watchedMs` what becomes of it: the real probes, detectors, judge,
 * incidents and pages, by a clock that is moved. What is slow never answers before its deadline.
 */
export async function runFault(fault: Fault, watchedMs = WATCHED_MS): Promise<FaultRow> {
  const world = faultWorld();
  const { clock, store, leases, keys } = world;
  const things = { region: EAST, lagMs: 400, members: 3, effects: [], ready: true };
  const bench = flowBench({ store, leases, clock, keys, things, chat: memoryChat() }, store);
  const { flow } = bench;
  Object.assign(flow.incidents, { pager: world.pager.pager, notifiers: world.notifiers });
  const served = async () => (world.isBroken('dns') ? undefined : [EAST]);
  const onFindings = async (findings: readonly Finding[]) => takeFindings(findings, { flow, servedFrom: served });
  const detectors = [EAST, WEST, EU].map((region) => detectorOf(region, world, flow.plan, onFindings));
  let last: Judgement | undefined;
  let faultAt: Date | undefined;
  const seen: { proposedSeconds?: number } = {};
  const startMs = clock.monotonicMs();
  const beginMs = WELL_ROUNDS * INTERVAL_MS + AFTER_ROUND_MS;
  const since = (): number => Math.round((clock.now().getTime() - (faultAt?.getTime() ?? 0)) / 1_000);
  const moments = momentsOf(beginMs, watchedMs, fault);
  for (const { ms, what } of moments) {
    clock.advance(startMs + ms - clock.monotonicMs());
    if (what === 'fault') {
      fault.begin(world);
      faultAt = clock.now();
      continue;
    }
    if (what === 'later') {
      fault.later?.change(world);
      continue;
    }
    const detector = detectors[what];
    if (!detector) throw new Error(`no detector ${what}`);
    await detector.round();
    last = await judgeNow(store, flow.plan, last, onFindings);
    if (faultAt && (await isAsked(flow))) seen.proposedSeconds ??= since();
    await quietly(async () => tick(flow.incidents, await store.now()));
    await quietly(() => deliverPages(flow.incidents));
  }
  world.mend('store');
  return rowOf(fault, { flow, faultAt: faultAt ?? clock.now(), world, ...seen });
}

/** Rounds of the detectors in order, with the fault among them. */
function momentsOf(beginMs: number, watchedMs: number, { later }: Fault) {
  const rounds = [0, 1, 2].flatMap((index) =>
    Array.from({ length: Math.floor((beginMs + watchedMs) / INTERVAL_MS) }, (_, turn) => ({
      ms: turn * INTERVAL_MS + index * APART_MS,
      what: index,
    })),
  );
  const changes = [
    { ms: beginMs, what: 'fault' as const },
    ...(later ? [{ ms: beginMs + later.afterSeconds * 1_000, what: 'later' as const }] : []),
  ];
  return [...rounds, ...changes].sort((a, b) => a.ms - b.ms);
}

function detectorOf(
  region: Region,
  world: FaultWorld,
  plan: Parameters<typeof judge>[0]['plan'],
  onFindings: (findings: readonly Finding[]) => Promise<void>,
) {
  const { clock, store, leases, history, probes } = world;
  const reporter = createReporter({
    ...{ plan, region, holder: region, store, leases, history, clock, probes, onFindings },
    onTrouble: () => undefined,
  });
  const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, DEADLINE_MS));
  const rounds = createRounds({
    probes,
    withinMs: plan.detection.probeTimeoutSeconds * 1_000,
    clock: { ...clock, sleep },
  });
  return {
    round: async () => {
      if (world.isBroken(`detector/${region}` as Part)) return;
      const seen = await rounds.round();
      await quietly(() => reporter.report(seen, 5, false));
    },
  };
}

async function judgeNow(
  store: ControlStore,
  plan: Parameters<typeof judge>[0]['plan'],
  before: Judgement | undefined,
  onFindings: (findings: readonly Finding[]) => Promise<void>,
): Promise<Judgement | undefined> {
  try {
    const judgement = judge({
      plan,
      now: await store.now(),
      reports: await readReports(store),
      maintenance: [],
      before,
    });
    await onFindings(told(judgement.findings));
    return judgement;
  } catch {
    // without its store nobody judges; who looks tells that himself
    return before;
  }
}

const isAsked = async ({ requests }: Pick<Flow<SmallWorld>, 'requests'>): Promise<boolean> =>
  quietly(async () => (await requests.find({ limit: 1 })).length > 0).then((found) => found === true);

const quietly = (work: () => Promise<unknown>): Promise<unknown> => work().catch(() => undefined);

async function rowOf(
  { name }: Fault,
  {
    flow,
    faultAt,
    world,
    proposedSeconds,
  }: {
    readonly flow: ReturnType<typeof flowBench>['flow'];
    readonly faultAt: Date;
    readonly world: FaultWorld;
    readonly proposedSeconds?: number;
  },
): Promise<FaultRow> {
  const incidents = await openIncidents(world.store);
  const [first] = incidents;
  const pages = first ? await pagesOf(world.store, first.id) : [];
  const firstAt = pages[0]?.decidedAt;
  const firstPages = pages.filter(({ decidedAt }) => decidedAt.getTime() === firstAt?.getTime());
  const blind = world.pager.triggers[0];
  const since = (at: Date) => Math.round((at.getTime() - faultAt.getTime()) / 1_000);
  if (!first && blind) {
    const called = world.pager.rings.flatMap(({ user, at }) => (at.getTime() === blind.at.getTime() ? [user] : []));
    const nameOf = (user: string) =>
      Object.values(flow.plan.roster.people).find(({ pagerdutyUser }) => pagerdutyUser === user)?.name ?? user;
    return {
      fault: name,
      found: [blind.call.summary],
      check: 'detectors',
      severity: 'sev-1',
      paged: [...new Set(called.map(nameOf))],
      ways: ['pager'],
      afterSeconds: since(blind.at),
      proposedSeconds: undefined,
    };
  }
  const ways = firstPages.flatMap((page) =>
    page.ways.flatMap(({ way, state }) =>
      // a message to a person waits until Slack is there
      state === 'accepted' && !(way === 'direct' && world.isBroken('slack')) ? [way] : [],
    ),
  );
  return {
    fault: name,
    found: incidents.flatMap(({ causes }) => causes.map(({ title }) => title)),
    check: first?.causes[0]?.key ?? '',
    severity: first?.severity ?? '',
    paged: [...new Set(firstPages.map(({ person }) => flow.roster.name(person)))],
    ways: [...new Set(ways)],
    afterSeconds: firstAt && since(firstAt),
    proposedSeconds,
  };
}
