import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  dropBeside,
  dropOld,
  observeSwap,
  planSwap,
  restoredTo,
  restoreTtl,
  restoreViews,
  type SwapOf,
  swapBack,
  swapCollection,
} from '#restore';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('swap');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
});
afterAll(() => engine.close());

async function restored() {
  const { db } = engine;
  await db.dropDatabase();
  await db.collection('logs').insertMany(Array.from({ length: 100 }, (_, n) => ({ n, at: new Date() })));
  await db.collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 3_600 });
  await db.createCollection('recent', { viewOn: 'logs', pipeline: [{ $limit: 1 }] });
  await db.createCollection('latest', { viewOn: 'recent', pipeline: [] });
  const manifest = await engine.backUp();
  const runId = engine.nextRun();
  const { collections } = await engine.restore(manifest.header.backup, runId);
  const [collection] = collections;
  if (!collection) throw new Error('nothing was restored');
  const swap: SwapOf = { target: engine.target, runId, collection };
  return { manifest, runId, collections, collection, swap };
}

test('the plan counts what was written since, transactions included, and says when a collection is gone', async () => {
  const { manifest, runId, collections } = await restored();
  const logs = engine.db.collection('logs');
  await logs.insertOne({ n: -1 });
  await logs.updateOne({ n: 1 }, { $set: { n: 2 } });
  await engine.client.withSession((session) =>
    session.withTransaction(async () => {
      await logs.deleteOne({ n: 5 }, { session });
      await logs.insertOne({ n: -2 }, { session });
    }),
  );
  const since = restoredTo({ backupId: manifest.header.backup }, manifest.header.window.end);
  const options = { since, runId, collections, target: engine.target, oplog: engine.oplog, signal: never() };
  const plan = await planSwap(options);
  expect(plan.collections).toMatchObject([
    { name: 'logs', live: 'present', since: { kind: 'counted', inserts: 2, updates: 1, deletes: 1 } },
  ]);
  expect(plan.writesLost).toBe(4);
  await logs.drop();
  expect((await planSwap(options)).collections[0]?.live).toBe('missing');
  const old = restoredTo({ backupId: manifest.header.backup }, { seconds: 1, increment: 1 });
  expect((await planSwap({ ...options, since: old })).writesLost).toBeUndefined();
});

test('a swap can be stopped anywhere, done twice, undone, and done again', async () => {
  const { swap, collection } = await restored();
  const logs = engine.db.collection('logs');
  await logs.deleteMany({});
  expect(await observeSwap(swap)).toBe('beside');
  // killed between the two renames
  let renames = 0;
  const dying = {
    ...engine.target,
    rename: async (...args: Parameters<typeof engine.target.rename>) => {
      renames += 1;
      if (renames > 1) throw new Error('killed');
      await engine.target.rename(...args);
    },
  };
  await expect(swapCollection({ ...swap, target: dying })).rejects.toThrow('killed');
  expect(await observeSwap(swap)).toBe('parted');
  await expect(dropOld(swap)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  await swapCollection(swap);
  await swapCollection(swap);
  expect(await observeSwap(swap)).toBe('swapped');
  expect(await logs.countDocuments()).toBe(100);
  await restoreTtl(swap);
  await restoreTtl(swap);
  expect((await logs.indexes()).find(({ name }) => name === 'ttl')?.expireAfterSeconds).toBe(3_600);
  await swapBack(swap);
  await swapBack(swap);
  expect(await observeSwap(swap)).toBe('beside');
  expect(await logs.countDocuments()).toBe(0);
  await swapCollection(swap);
  await dropOld(swap);
  await dropOld(swap);
  await dropBeside(swap);
  expect(await logs.countDocuments()).toBe(100);
  const names = (await engine.db.listCollections().toArray()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('__hf_'))).toEqual([]);
  expect(collection.ttl).toEqual([{ index: 'ttl', expireAfterSeconds: 3_600 }]);
});

test('a collection that appears in between is not overwritten', async () => {
  const { swap, runId } = await restored();
  await engine.db.collection('logs').rename(`__hf_old_${runId.replace('-', '')}_logs`);
  await engine.db.collection('logs').insertOne({ stray: true });
  await expect(swapCollection(swap)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(await engine.db.collection('logs').countDocuments()).toBe(1);
});

test('a dropped collection and its views come back', async () => {
  const { manifest, swap } = await restored();
  for (const name of ['logs', 'recent', 'latest']) await engine.db.dropCollection(name);
  await swapCollection(swap);
  await restoreTtl(swap);
  const options = { vault, point: { backupId: manifest.header.backup }, target: engine.target, databases: [database] };
  expect((await restoreViews(options)).created).toEqual([`${database}.recent`, `${database}.latest`]);
  expect((await restoreViews(options)).same).toEqual([`${database}.recent`, `${database}.latest`]);
  expect(await engine.db.collection('latest').countDocuments()).toBe(1);
});

test('a half restored collection is made again, a whole one is kept', async () => {
  const { manifest, runId, collection } = await restored();
  const again = await engine.restore(manifest.header.backup, runId);
  expect(again.collections[0]?.uuid).toBe(collection.uuid);
  await engine.db.dropCollection(collection.beside);
  await engine.db.collection(`__hf_load_${runId.replace('-', '')}_logs`).insertOne({ left: 'over' });
  const made = await engine.restore(manifest.header.backup, runId);
  expect(made.collections[0]?.uuid).not.toBe(collection.uuid);
  expect((await engine.verify(manifest.header.backup, runId)).equal).toBe(true);
});
