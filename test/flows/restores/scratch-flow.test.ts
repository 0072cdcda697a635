import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openOtherCluster } from '#adapters/mongodb';
import { DrError, type RequestId, systemClock } from '#core';
import { sweepRecovery } from '#flows';
import type { RecoveryServer, RecoveryServers } from '#ports';
import { verifyBackup } from '#vault';
import { never, openEngine } from '../../support/engine.ts';
import { memoryVault } from '../../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';
import { restoreFlow } from './restore-flow.ts';

const database = ownName('own');
const { vault } = memoryVault();
let live: string;
let engine: Awaited<ReturnType<typeof openEngine>>;
let bench: ReturnType<typeof restoreFlow>;
/** Stands for this machine's servers; the one set that there is stands for each of them. */
let there: RecoveryServer[];
let stopped: RequestId[];
let whyNot: string | undefined;

const recovery: RecoveryServers = {
  whyNot: async () => whyNot,
  start: async (run) => {
    if (whyNot) throw new DrError('TARGET_UNFIT', 'user', `No recovery mongod can be started: ${whyNot}.`);
    const server = {
      run,
      machine: 'worker-1',
      address: '127.0.0.1:9',
      addressFile: '/x/address',
      startedAt: new Date(),
    };
    there = [...there.filter((each) => each.run !== run), server];
    return server;
  },
  open: async () => {
    const opened = await openOtherCluster({ uri: live, who: 'own' });
    return {
      ...opened,
      describe: async () => ({ ...(await opened.describe()), set: 'recovery', setId: 'd'.repeat(24) }),
    };
  },
  stop: async (run) => {
    if (there.some((each) => each.run === run)) stopped.push(run);
    there = there.filter((each) => each.run !== run);
  },
  list: async () => there,
};

const flowOn = (scratch: { folder: string; keepHours: number } | undefined) =>
  restoreFlow(vault, engine.target, database, {
    clusters: [],
    recovery,
    ...(scratch ? { scratch } : {}),
    openCluster: async () => Promise.reject(new Error('no cluster is named')),
    describeLive: async () => undefined,
  });

beforeAll(async () => {
  live = await sharedMongoUri();
  engine = await openEngine(live, database, vault);
  await engine.db.collection('trips').insertMany(Array.from({ length: 40 }, (_, n) => ({ n })));
  const { header } = await engine.backUp();
  await verifyBackup(vault, header.backup, never());
});
beforeEach(() => {
  [there, stopped, whyNot] = [[], [], undefined];
  bench = flowOn({ folder: '/var/lib/holdfast/scratch', keepHours: 24 });
});
afterAll(async () => {
  await engine.client.db(`${database}_copy`).dropDatabase();
  await engine.close();
});

const answer = async (line: string): Promise<string> => (await bench.ask('mike-johnson', line)).words;

/** A restore to one of its own that is done. */
async function restored(): Promise<RequestId> {
  const { id } = await bench.ask('mike-johnson', `restore latest --on scratch --as ${database}_copy`);
  await bench.approve(id, 'lisa-brown');
  await bench.work();
  const run = await bench.run(id);
  expect([run?.state, run?.failure?.message]).toEqual(['done', undefined]);
  await engine.client.db(`${database}_copy`).dropDatabase();
  return id;
}

const sweep = (hoursLater = 0) => {
  const clock = { ...systemClock, now: () => new Date(Date.now() + hoursLater * 3_600_000) };
  return sweepRecovery({ ...bench.world, clock });
};

test('it is shown where its own goes, for how long, and how it is stopped; the Security Lead approves', async () => {
  const words = await answer('restore latest --on scratch --dry-run');
  expect(words).toContain('in /var/lib/holdfast/scratch, reached from there only');
  expect(words).toContain('after 24 h or by /dr restore --stop and its number');
  expect(words).toContain('Security Lead');
  whyNot = 'there is no mongod on here';
  expect(await answer('restore latest --on scratch --dry-run')).toContain(
    'Not by this process: there is no mongod on here. The worker that takes it needs one.',
  );
  bench = flowOn(undefined);
  expect(await answer('restore latest --on scratch')).toContain('plan.yaml has no mongodb.restore.scratch');
});

test('where the worker can start none it ends there, says so, and stands in nobody’s way', async () => {
  whyNot = 'there is no mongod on here';
  const { id } = await bench.ask('mike-johnson', 'restore latest --on scratch');
  await bench.approve(id, 'lisa-brown');
  await bench.work();
  const run = await bench.run(id);
  expect([run?.state, run?.putBack, run?.failure?.code]).toEqual(['failed', true, 'TARGET_UNFIT']);
});

test('it is stopped by whoever asks, on this machine at once and on another by the worker there', async () => {
  const here = await restored();
  expect(there.map(({ run }) => run)).toEqual([here]);
  expect(await sweep(23)).toEqual([]);
  await bench.ask('mike-johnson', `restore --stop ${here}`);
  await bench.work();
  expect(stopped).toEqual([here]);

  const elsewhere = await restored();
  const away = there;
  there = [];
  const { id } = await bench.ask('mike-johnson', `restore --stop ${elsewhere}`);
  await bench.work();
  expect((await bench.run(id))?.state).toBe('done');
  there = away;
  expect(await sweep()).toEqual([elsewhere]);
  expect(await sweep()).toEqual([]);
  expect(stopped).toEqual([here, elsewhere]);
});

test('after its time, or when its run came to nothing, it is stopped by itself', async () => {
  const id = await restored();
  expect(await sweep(23)).toEqual([]);
  expect(await sweep(25)).toEqual([id]);
  // left by a run that nobody knows
  await recovery.start('R-900' as RequestId, never());
  expect(await sweep()).toEqual(['R-900']);
});

test('only what a restore started is stopped, and nothing else is typed beside it', async () => {
  const { id } = await bench.ask('mike-johnson', 'restore latest --only trips');
  await bench.work();
  expect(await answer(`restore --stop ${id}`)).toContain(`${id} started no recovery mongod`);
  expect(await answer('restore --stop R-77')).toContain('R-77 started no recovery mongod');
  expect(await answer(`restore latest --stop ${id}`)).toContain('--stop stands alone');
});
