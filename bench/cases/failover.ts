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
  openWriteBlocks,
  previewFailback,
  previewFailover,
} from '#failover';
import type { ReplicaSet } from '#ports';
import { createUsers, startReplicaSet } from '#sandbox/servers';
import { createRun, executeRun, openJournal, openLocks } from '#workflow';
import { type BenchCase, secondsSince } from '../bench-case.ts';

const EAST = Region.parse('us-east-1');
const WEST = Region.parse('us-west-2');
const ROUNDS = 3;

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
    const replicaSet = openReplicaSet({ uri: set.uri('holdfast-operator') });
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
      const ours = { seconds: plannedPauseSeconds, plannedPauseSeconds, bestPauseSeconds: Math.min(...pauses) };
      return { ours, floor: { seconds: Math.min(...elections) } };
    } finally {
      await writer.stop();
      await replicaSet.close();
      await set.stop();
    }
  },
};

/** Majority writes, one after the other, each tried again at once. */
function startWriter(uri: string) {
  const client = new MongoClient(uri, { heartbeatFrequencyMS: 500, serverSelectionTimeoutMS: 5_000 });
  const logs = client.db('eld').collection('driver_logs', { writeConcern: { w: 'majority' } });
  let stopped = false;
  let lastMs = performance.now();
  let longest = 0;
  const writing = (async () => {
    for (let n = 0; !stopped; n += 1) {
      const done = await logs.insertOne({ n }).then(
        () => true,
        () => systemClock.sleep(5).then(() => false),
      );
      if (!done) continue;
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
    store,
    leases,
    givenUp: openGivenUpRegions(store),
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
  return { move, carry };
}
