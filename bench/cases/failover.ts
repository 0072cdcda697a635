import { MongoClient } from 'mongodb';
import { memoryClusters, memoryControlStore, memoryDns, memoryLeases, memoryTraffic } from '#adapters/memory';
import { openReplicaSet } from '#adapters/mongodb';
import { Region, RequestId, systemClock } from '#core';
import {
  FailoverSettings,
  type FailoverWorld,
  failbackWorkflow,
  failoverWorkflow,
  type MovePreview,
  openGivenUpRegions,
  openLeftovers,
  openWriteBlocks,
  previewFailback,
  previewFailover,
} from '#failover';
import { createFence } from '#fence';
import type { ReplicaSet } from '#ports';
import { createUsers, startReplicaSet, until } from '#sandbox/servers';
import { createRun, executeRun, openJournal, openLocks } from '#workflow';
import { type BenchCase, secondsSince } from '../bench-case.ts';
import { leaveBare, leaveRegion, lostRegionOn } from './leave-lost-region.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const ROUNDS = 3;
/** Of each kind; few, so the worst of them stands for the 95th of a hundred. */
const LOST_ROUNDS = 5;

/**
 * A planned failover as writers feel it: `plannedPauseSeconds` is the longest time in which no majority write was
 * acknowledged, worst of three; the database is real, DNS and clusters answer at once. Floor: the same gap when the
 * primary is moved by a bare election, with no block and no votes taken, best of three.
 */
export const failoverCase: BenchCase = {
  name: 'failover',
  async measure({ say }) {
    const set = await startReplicaSet({
      name: 'bench',
      members: [
        { name: 'east-1', region: EAST, priority: 2 },
        { name: 'east-2', region: EAST, priority: 2 },
        { name: 'west-1', region: WEST, priority: 1 },
      ],
    });
    await createUsers({ rootUri: set.uri('root'), keyText: set.key.text, databases: ['eld'] });
    const replicaSet = openReplicaSet({ uri: set.uri('holdfast') });
    const writer = startWriter(set.uri('eld'));
    try {
      const world = worldOn(replicaSet);
      const pauses: number[] = [];
      const elections: number[] = [];
      const east = set.member('east-1').host;
      for (let round = 0; round < ROUNDS; round += 1) {
        await replicaSet.stepUp(east, 10_000);
        await systemClock.sleep(2_000);
        elections.push(await writer.longestGapDuring(() => replicaSet.stepUp(set.member('west-1').host, 10_000)));
        await replicaSet.stepUp(east, 10_000);
        await systemClock.sleep(2_000);
        const there = await previewFailover(world.move, { to: WEST }, systemClock);
        pauses.push(await writer.longestGapDuring(() => world.carry(there, round * 2 + 1)));
        await world.carry(await previewFailback(world.move, { to: EAST }, systemClock), round * 2 + 2);
        say(`paused ${pauses.at(-1)} s, a bare election ${elections.at(-1)} s`);
      }
      const plannedPauseSeconds = Math.max(...pauses);
      const lost = await loseEast({ set, replicaSet, writer, say });
      const ours = {
        ...{ seconds: plannedPauseSeconds, plannedPauseSeconds, bestPauseSeconds: Math.min(...pauses) },
        unplannedP95Seconds: Math.max(...lost.ours),
        unplannedBestSeconds: Math.min(...lost.ours),
      };
      const floor = { seconds: Math.min(...elections), unplannedSeconds: Math.min(...lost.bare) };
      return { ours, floor };
    } finally {
      await writer.stop();
      await replicaSet.close();
      await set.stop();
    }
  },
};

/**
 * us-east-1 is killed again and again: from the last approval to the first majority write in us-west-2, by an unplanned failover
 * and, in between, by a bare forced configuration with an election.
 */
async function loseEast({
  set,
  replicaSet,
  writer,
  say,
}: {
  readonly set: Awaited<ReturnType<typeof startReplicaSet>>;
  readonly replicaSet: ReplicaSet;
  readonly writer: ReturnType<typeof startWriter>;
  readonly say: (line: string) => void;
}) {
  const found = { ours: [] as number[], bare: [] as number[] };
  const east = [set.member('east-1'), set.member('east-2')] as const;
  const west = set.member('west-1').host;
  const hosts = set.members.map(({ host }) => host);
  for (let round = 0; round < LOST_ROUNDS * 2; round += 1) {
    for (const member of east) member.kill('SIGKILL');
    await until('the survivor is alone', async () =>
      (await replicaSet.look()).members.some(({ host, seesPrimary }) => host === west && seesPrimary === undefined),
    );
    const { move, store } = worldOn(replicaSet);
    const lost = lostRegionOn(move, store);
    const [kind, work] =
      round % 2 === 0
        ? (['ours', () => leaveRegion(lost, store, { to: WEST, number: round + 1 })] as const)
        : (['bare', () => leaveBare(replicaSet, hosts, west)] as const);
    found[kind].push(await writer.firstDuring(work));
    say(`${kind}: first write after ${found[kind].at(-1)} s`);
    for (const member of east) await member.restart();
    await until('east follows', async () =>
      (await replicaSet.look()).members.every(({ state }) => state === 'primary' || state === 'secondary'),
    );
    await replicaSet.setRoles([{ host: east[0].host, votes: 1, priority: 3 }], 10_000);
    await replicaSet.setRoles([{ host: east[1].host, votes: 1, priority: 2 }], 10_000);
    await until('east leads', () =>
      replicaSet.stepUp(east[0].host, 5_000).then(
        () => true,
        () => false,
      ),
    );
    await replicaSet.setRoles([{ host: west, votes: 1, priority: 1 }], 10_000, -1);
    await systemClock.sleep(1_000);
  }
  return found;
}

/** Majority writes, one after the other, each tried again at once. */
function startWriter(uri: string) {
  const client = new MongoClient(uri, { heartbeatFrequencyMS: 500, serverSelectionTimeoutMS: 5_000 });
  const logs = client.db('eld').collection('driver_logs', { writeConcern: { w: 'majority' } });
  let stopped = false;
  let lastMs = performance.now();
  let firstMs: number | undefined;
  let longest = 0;
  const writing = (async () => {
    for (let n = 0; !stopped; n += 1) {
      const done = await logs.insertOne({ n }).then(
        () => true,
        () => systemClock.sleep(5).then(() => false),
      );
      if (!done) continue;
      firstMs ??= performance.now();
      longest = Math.max(longest, secondsSince(lastMs));
      lastMs = performance.now();
    }
  })();
  return {
    longestGapDuring: async (work: () => Promise<unknown>): Promise<number> => {
      longest = 0;
      await work();
      await systemClock.sleep(1_500);
      return longest;
    },
    /** How long after the work began the first write was acknowledged, in seconds; nobody acknowledged any before. */
    firstDuring: async (work: () => Promise<unknown>): Promise<number> => {
      const startedMs = performance.now();
      firstMs = undefined;
      await work();
      await until('a write is acknowledged', async () => firstMs !== undefined);
      return Math.round((firstMs ?? startedMs) - startedMs) / 1_000;
    },
    stop: async () => {
      stopped = true;
      await writing;
      await client.close();
    },
  };
}

function worldOn(replicaSet: ReplicaSet) {
  const store = memoryControlStore(systemClock);
  const leases = memoryLeases(systemClock);
  const weights = [
    { region: EAST, weight: 100 },
    { region: WEST, weight: 0 },
  ];
  const dns = memoryDns(weights, 0.01);
  const traffic = memoryTraffic(dns, systemClock);
  const cluster = { wanted: 2, room: 5, configuration: {} };
  const move: FailoverWorld = {
    settings: FailoverSettings.parse({
      regions: [
        { region: EAST, role: 'primary' },
        { region: WEST, role: 'hot-standby' },
      ],
      service: {
        name: 'eld-api',
        dnsName: 'api.eld.example',
        replicas: { active: 3, standby: 2 },
        configurationKeys: { activeRegion: 'active-region', filesBucket: 'files-bucket' },
        testWrites: 1,
      },
      planned: { pauseMs: 10_000, durationMs: 900_000 },
      unplanned: { pauseMs: 900_000, durationMs: 900_000, lossMs: 30_000 },
      failback: { pauseMs: 10_000, durationMs: 900_000, trafficPercent: [100] },
      lagLimitMs: 10_000,
    }),
    replicaSet,
    written: traffic,
    dns,
    clusters: memoryClusters(
      new Map([
        [EAST, cluster],
        [WEST, cluster],
      ]),
    ),
    traffic,
    writeBlocks: openWriteBlocks(store),
    fence: createFence({ leases: undefined, regions: [EAST, WEST], marginMs: 0, clock: systemClock }),
    store,
    leases,
    givenUp: openGivenUpRegions(store),
    leftovers: openLeftovers(store),
    newestVerifiedBackup: async () => ({ id: 'none', at: new Date() }),
    proveKeys: async () => undefined,
    tellStakeholders: async () => undefined,
  };
  const journal = openJournal(store);
  const carry = async ({ facts, limits, problems }: MovePreview, number: number): Promise<void> => {
    if (!facts || problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '));
    const workflow = facts.move === 'failback' ? failbackWorkflow : failoverWorkflow;
    const id = RequestId.parse(`R-${number}`);
    await createRun(journal, { id, workflow, input: { facts, limits, reason: 'bench' }, at: new Date() });
    const state = await executeRun(workflow, id, {
      journal,
      locks: openLocks(store),
      leases,
      clock: systemClock,
      worker: 'bench',
      world: move,
      tell: async () => undefined,
      beforeStart: async () => undefined,
    });
    if (state !== 'done') throw new Error(`${facts.move} ended ${state}`);
  };
  return { move, carry, store };
}
