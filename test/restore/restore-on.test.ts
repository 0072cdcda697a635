import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeSet, openOtherCluster } from '#adapters/mongodb';
import type { OtherCluster } from '#ports';
import { type RestoreOnInput, restoreOnWorkflow } from '#restore';
import { createElsewhereUser, type Gateway, type ReplicaSet, startGateway, startReplicaSet } from '#sandbox/servers';
import { described, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runBench } from './run-bench.ts';

const database = ownName('on');
const copy = `${database}-copy`;
const { vault } = memoryVault();
let set: ReplicaSet;
let engine: Awaited<ReturnType<typeof openEngine>>;
/** All there goes through it, so that the connection can be lost. */
let gateway: Gateway;
let cluster: OtherCluster;
let root: MongoClient;
let bench: ReturnType<typeof runBench>;
let input: RestoreOnInput;

beforeAll(async () => {
  const live = await sharedMongoUri();
  [set, engine] = await Promise.all([
    startReplicaSet({ name: 'elsewhere', members: [{ name: 'one', region: 'us-west-2', priority: 1 }] }),
    openEngine(live, database, vault),
  ]);
  const rootUri = set.uri('root');
  await createElsewhereUser({ rootUri, keyText: set.key.text, databases: [database, copy] });
  root = new MongoClient(rootUri);
  gateway = await startGateway({ targetPort: set.member('one').port });
  const uri = set.memberUri('one', 'holdfast').replace(set.member('one').host, `127.0.0.1:${gateway.port}`);
  const who = { uri, who: 'dr-site' };
  cluster = await openOtherCluster({ ...who, writtenWithinMs: 2_000 });
  bench = runBench(vault, cluster, {
    describe: () => cluster.describe(),
    describeLive: () => describeSet({ uri: live, who: 'live' }),
  });
  const { db } = engine;
  const text = 'x'.repeat(100);
  await db.createCollection('logs', { validator: { n: { $gte: 0 } } });
  await db.collection('logs').insertMany(Array.from({ length: 7_000 }, (_, n) => ({ n, at: new Date(), text })));
  await db.collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 3_600 });
  await db.collection('trips').insertMany(Array.from({ length: 30 }, (_, n) => ({ n })));
  await db.createCollection('recent', { viewOn: 'logs', pipeline: [{ $match: { n: { $lt: 7 } } }] });
  await db.createCollection('pings', { timeseries: { timeField: 'at', metaField: 'truck' } });
  await db.collection('pings').insertMany(Array.from({ length: 60 }, (_, n) => ({ at: new Date(n), truck: n % 3, n })));
  const { header } = await engine.backUp();
  const { setId } = await cluster.describe();
  input = {
    backupId: header.backup,
    on: 'dr-site',
    setId: setId ?? '',
    namespaces: [`${database}.*`],
    naming: 'kept',
    databases: [database],
  };
}, 60_000);
afterEach(async () => {
  await root.db(database).dropDatabase();
  await root.db(copy).dropDatabase();
});
afterAll(async () => {
  await Promise.all([engine.close(), cluster.close(), root.close(), gateway.stop()]);
  await set.stop();
});

const namesThere = async (name = database): Promise<string[]> =>
  (await root.db(name).listCollections({}, { nameOnly: true }).toArray())
    .map((each) => each.name)
    .filter((each) => !each.startsWith('system.'))
    .sort();

async function expectEqual(there = database): Promise<void> {
  expect(await namesThere(there)).toEqual(['logs', 'pings', 'recent', 'trips']);
  for (const name of ['logs', 'trips', 'system.buckets.pings']) {
    const [restored, live] = [await rawDocuments(root, there, name), await rawDocuments(engine.client, database, name)];
    expect(restored.toSorted()).toEqual(live.toSorted());
  }
  const logs = await described(root, there, 'logs');
  expect(logs.options).toEqual((await described(engine.client, database, 'logs')).options);
  expect(
    logs.indexes.map(({ name, expireAfterSeconds }: Record<string, unknown>) => [name, expireAfterSeconds]),
  ).toEqual([
    ['_id_', undefined],
    ['ttl', undefined],
  ]);
  expect(await root.db(there).collection('recent').countDocuments()).toBe(7);
}

test('it stands there under its own names, proved, with the rights that the documents name and no others', async () => {
  const run = engine.nextRun();
  await bench.restoreOn(run, input);
  const done = await bench.carry(restoreOnWorkflow, run);
  expect([done?.state, done?.failure?.message]).toEqual(['done', undefined]);
  expect(done?.steps.map(({ name }) => name)).toEqual(['open', 'reach', 'fetch', 'load', 'prove', 'name']);
  await expectEqual();
});

test('all of it in another database there, while the names it has at home are taken', async () => {
  await root.db(database).collection('logs').insertOne({ mine: true });
  const run = engine.nextRun();
  await bench.restoreOn(run, { ...input, naming: { database: copy }, databases: [copy] });
  expect((await bench.carry(restoreOnWorkflow, run))?.state).toBe('done');
  await expectEqual(copy);
  expect(await root.db(database).collection('logs').countDocuments()).toBe(1);
});

test('a name that is taken there ends it before anything is written', async () => {
  await root.db(database).collection('trips').insertOne({ mine: true });
  const run = engine.nextRun();
  await bench.restoreOn(run, input);
  let wrote = false;
  const through = atInsert(1, async () => {
    wrote = true;
  });
  const done = await bench.carry(restoreOnWorkflow, run, { through });
  expect([done?.state, done?.failure?.code, wrote]).toEqual(['failed', 'TARGET_EXISTS', false]);
  expect(await namesThere()).toEqual(['trips']);
  expect(await root.db(database).collection('trips').countDocuments()).toBe(1);
});

test('a worker that dies anywhere is followed by one that goes on, and the end is the same', async () => {
  const small = { ...input, namespaces: [`${database}.trips`] };
  let deaths = 0;
  // every third of its acts; what each of them leaves is the same code as under new names
  for (let at = 2; ; at += 3) {
    const run = engine.nextRun();
    await bench.restoreOn(run, small);
    const first = await bench.carry(restoreOnWorkflow, run, { at, when: at % 2 === 0 ? 'before' : 'after' });
    if (!first) deaths += 1;
    let done = first;
    for (let workers = 0; workers < 3 && !done; workers += 1) done = await bench.carry(restoreOnWorkflow, run);
    expect([at, done?.state, done?.failure?.message]).toEqual([at, 'done', undefined]);
    expect(await namesThere()).toEqual(['trips']);
    await root.db(database).collection('trips').drop();
    if (first) break;
  }
  expect(deaths).toBeGreaterThan(5);
}, 30_000);

/** While the n-th batch is on its way. */
function atInsert(n: number, happens: () => Promise<void>): OtherCluster {
  let inserts = 0;
  return {
    ...cluster,
    insert: async (...args) => {
      inserts += 1;
      if (inserts === n) await happens();
      return cluster.insert(...args);
    },
  };
}

test('a connection that is lost in the middle is waited for, and a server that is killed and comes back', async () => {
  const member = set.member('one');
  const lost: (() => Promise<void>)[] = [
    async () => {
      await gateway.cut();
      setTimeout(() => void gateway.restore(), 1_000);
    },
    async () => {
      member.kill('SIGKILL');
      void member.ended().then(() => member.restart());
    },
  ];
  for (const happens of lost) {
    const run = engine.nextRun();
    await bench.restoreOn(run, input);
    let once: (() => Promise<void>) | undefined = happens;
    const through = atInsert(2, async () => {
      await once?.();
      once = undefined;
    });
    const done = await bench.carry(restoreOnWorkflow, run, { through });
    expect([done?.state, done?.failure?.message]).toEqual(['done', undefined]);
    await expectEqual();
    await root.db(database).dropDatabase();
  }
}, 60_000);

test('another set behind the approved name is not written to, nor one that was upgraded away from under it', async () => {
  const other = engine.nextRun();
  await bench.restoreOn(other, { ...input, setId: 'f'.repeat(24) });
  const refused = await bench.carry(restoreOnWorkflow, other);
  expect([refused?.state, refused?.failure?.message]).toEqual([
    'failed',
    'dr-site leads to another replica set than was approved.',
  ]);
  // the right set, that now stores as an older release: seen by the run itself, not only by its preview
  const storeAs = (version: string) => root.db('admin').command({ setFeatureCompatibilityVersion: version });
  await storeAs('5.0');
  try {
    const older = engine.nextRun();
    await bench.restoreOn(older, input);
    const done = await bench.carry(restoreOnWorkflow, older);
    expect(done?.failure?.message).toContain('dr-site stores data as of MongoDB 5.0');
    expect(await namesThere()).toEqual([]);
  } finally {
    await storeAs('6.0');
  }
});

test('stopped in the middle, nothing of it stays there', async () => {
  const run = engine.nextRun();
  await bench.restoreOn(run, input);
  const through = atInsert(2, () => bench.stop(run).then(() => undefined));
  const done = await bench.carry(restoreOnWorkflow, run, { through });
  expect(done?.state).toBe('stopped');
  expect(await namesThere()).toEqual([]);
});

test('it says what it is: set, members, version, room before there is a database, and a write block', async () => {
  const there = await cluster.describe();
  expect(there).toMatchObject({ set: 'elsewhere', version: '6.0.5', featureVersion: '6.0', blocked: false });
  expect([there.hosts, there.processes.length]).toEqual([[set.member('one').host], 1]);
  expect(there.setId).toMatch(/^[0-9a-f]{24}$/);
  // by another address it is the same
  expect((await describeSet({ uri: set.uri('root'), who: 'x' })).processes).toEqual(there.processes);
  expect((await cluster.room(['nowhere']))[0]?.freeBytes).toBeGreaterThan(0);
  await root.db('admin').command({ setUserWriteBlockMode: 1, global: true });
  expect((await cluster.describe()).blocked).toBe(true);
  await root.db('admin').command({ setUserWriteBlockMode: 1, global: false });
});
