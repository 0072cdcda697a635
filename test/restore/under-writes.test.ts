import { type Collection, Decimal128, Double, Int32, Long, ObjectId } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawDocument, rawEmbedded, rawInt32 } from '#core';
import { during } from '../support/during.ts';
import { openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('writes');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
});
afterAll(() => engine.close());

type Item = { _id: number; n: number; list?: number[]; sub?: { a?: number; b?: string }; extra?: string };

async function write(items: Collection<Item>, salt: number): Promise<void> {
  await items.updateMany(
    { _id: { $mod: [3, salt % 3] } },
    { $inc: { n: 1 }, $push: { list: salt }, $set: { 'sub.a': salt } },
  );
  await items.updateOne({ _id: 5 }, { $unset: { sub: '' }, $set: { extra: 'x' } });
  await items.updateOne({ _id: 5 }, { $set: { sub: { b: 'again' } } });
  await items.updateOne({ _id: 8 }, { $set: { 'list.1': 9, 'list.4': 7 } });
  await items.replaceOne({ _id: 6 }, { n: salt });
  await items.deleteMany({ _id: { $in: [10 + salt, 11 + salt] } });
  await items.insertOne({ _id: 10 + salt, n: -salt, sub: { a: 1, b: 'back' } });
  await items.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: 10_000 * salt + n, n })));
}

test('writes before, during and after the reading are there exactly as at the end of the window', async () => {
  const items = engine.db.collection<Item>('items');
  await items.createIndex({ n: 1, _id: 1 }, { unique: true });
  await items.insertMany(Array.from({ length: 3_000 }, (_, n) => ({ _id: n, n, list: [1, 2, 3], sub: { a: n } })));
  const capped = await engine.db.createCollection('ring', { capped: true, size: 100_000, max: 20 });
  await capped.insertMany(Array.from({ length: 25 }, (_, n) => ({ n })));

  const large = async (): Promise<void> => {
    await engine.client.withSession((session) =>
      session.withTransaction(async () => {
        const text = 'y'.repeat(1024 * 1024);
        for (let n = 0; n < 20; n += 1) await engine.db.collection('big').insertOne({ n, text }, { session });
        await items.updateOne({ _id: 1 }, { $set: { extra: 'in a transaction' } }, { session });
        await items.deleteOne({ _id: 2 }, { session });
      }),
    );
  };
  const aborted = async (): Promise<void> => {
    const session = engine.client.startSession();
    session.startTransaction();
    await items.updateOne({ _id: 3 }, { $set: { extra: 'never' } }, { session });
    await session.abortTransaction();
    await session.endSession();
  };
  let expected: string[] = [];
  let ring: string[] = [];
  const source = during(
    engine.source,
    async () => {
      await write(items, 1);
      await large();
      await capped.insertMany(Array.from({ length: 7 }, (_, n) => ({ n: 100 + n })));
    },
    async () => {
      await write(items, 2);
      await aborted();
      await engine.db.collection('late').insertOne({ _id: Long.fromNumber(1) as never, made: 'in the window' });
      await capped.insertMany(Array.from({ length: 3 }, (_, n) => ({ n: 200 + n })));
      expected = await rawDocuments(engine.client, database, 'items');
      ring = await rawDocuments(engine.client, database, 'ring');
    },
  );
  const manifest = await engine.backUp({ source });
  await write(items, 4); // after the window: must not be there
  const run = engine.nextRun();
  const restored = await engine.restore(manifest.header.backup, run);
  const beside = (name: string): string => restored.collections.find((found) => found.name === name)?.beside ?? '';
  expect((await rawDocuments(engine.client, database, beside('items'))).toSorted()).toEqual(expected.toSorted());
  expect(await rawDocuments(engine.client, database, beside('ring'))).toEqual(ring);
  expect(await engine.db.collection(beside('big')).countDocuments()).toBe(20);
  expect(await engine.db.collection(beside('late')).countDocuments()).toBe(1);
  const verified = await engine.verify(manifest.header.backup, run);
  expect(verified.collections.flatMap(({ differences }) => differences)).toEqual([]);
  expect(verified.collections.find(({ namespace }) => namespace.endsWith('.items'))?.comparedWith).toBe('replay');
  // the guard can fail: one changed document is found
  await engine.db.collection<Item>(beside('items')).updateOne({ _id: 100 }, { $set: { n: -77 } });
  expect((await engine.verify(manifest.header.backup, run)).equal).toBe(false);
  await engine.db.dropDatabase();
});

test('collections that are renamed, dropped, made and changed while they are read end as they were', async () => {
  const { db } = engine;
  for (const name of ['moved', 'dropped', 'kept', 'target']) {
    await db.collection(name).insertMany(Array.from({ length: 2_500 }, (_, n) => ({ _id: new ObjectId(), n, name })));
  }
  await db.createCollection('view', { viewOn: 'kept', pipeline: [] });
  await db.collection('kept').createIndex({ n: 1 }, { name: 'gone' });
  const source = during(
    engine.source,
    async () => {
      await db.collection('moved').rename('moved_on');
      await db.collection('dropped').drop();
      await db.collection('fresh').insertOne({ fresh: true });
      await db.collection('fresh').createIndex({ fresh: 1 }, { name: 'fresh_1' });
    },
    async () => {
      await db.collection('fresh').rename('target', { dropTarget: true });
      await db.collection('kept').dropIndex('gone');
      await db.collection('kept').createIndex({ name: 1, n: 1 }, { name: 'made', unique: true });
      await db.command({ collMod: 'kept', validator: { n: { $gte: 0 } }, validationLevel: 'moderate' });
      await db.command({ collMod: 'view', viewOn: 'kept', pipeline: [{ $match: { n: 1 } }] });
      await db.createCollection('second', { viewOn: 'view', pipeline: [] });
    },
  );
  const manifest = await engine.backUp({ source });
  const run = engine.nextRun();
  const { collections } = await engine.restore(manifest.header.backup, run);
  expect(collections.map(({ name }) => name).sort()).toEqual(['kept', 'moved_on', 'target']);
  const verified = await engine.verify(manifest.header.backup, run);
  expect(verified.collections.flatMap(({ differences }) => differences)).toEqual([]);
  for (const { name, beside } of collections) {
    const live = await rawDocuments(engine.client, database, name);
    expect((await rawDocuments(engine.client, database, beside)).toSorted(), name).toEqual(live.toSorted());
  }
  await db.dropDatabase();
});

test('a document whose _id became another kind of number is one document: deleted it stays gone, changed it is as it was', async () => {
  const { db } = engine;
  const numbers = db.collection('numbers');
  await numbers.insertMany(Array.from({ length: 10 }, (_, n) => ({ _id: new Int32(n) as never, n })));
  const source = during(
    engine.source,
    async () => undefined,
    async () => {
      for (const n of [1, 2, 3])
        await numbers.replaceOne({ _id: n as never }, { _id: new Double(n) as never, n: n * 10 });
      await numbers.replaceOne({ _id: 4 as never }, { _id: Decimal128.fromString('4.00') as never, n: 40 });
      await numbers.deleteOne({ _id: 1 as never });
      await numbers.updateOne({ _id: 2 as never }, { $inc: { n: 1 } });
      await numbers.deleteOne({ _id: 4 as never });
      await numbers.insertOne({ _id: Long.fromNumber(4) as never, n: 44 });
    },
  );
  const manifest = await engine.backUp({ source });
  const run = engine.nextRun();
  const { collections } = await engine.restore(manifest.header.backup, run);
  const verified = await engine.verify(manifest.header.backup, run);
  expect(verified.collections.flatMap(({ differences }) => differences)).toEqual([]);
  const live = await rawDocuments(engine.client, database, 'numbers');
  expect(live).toHaveLength(9);
  const beside = collections.find(({ name }) => name === 'numbers')?.beside ?? '';
  expect((await rawDocuments(engine.client, database, beside)).toSorted()).toEqual(live.toSorted());
  await db.dropDatabase();
});

test('what $out, a conversion to a capped one and a rename from another database made in the window is there, and is not temporary', async () => {
  const other = engine.client.db(`${database}-other`);
  await engine.db.collection('from').insertMany(Array.from({ length: 20 }, (_, n) => ({ n })));
  await engine.db.collection('to-be-capped').insertMany([{ n: 1 }, { n: 2 }]);
  await other.collection('elsewhere').insertOne({ n: 1 });
  const source = during(
    engine.source,
    async () => {
      await engine.db
        .collection('from')
        .aggregate([{ $match: { n: { $lt: 5 } } }, { $out: 'out' }])
        .toArray();
      await engine.db.command({ convertToCapped: 'to-be-capped', size: 10_000 });
      const [renameCollection, to] = [`${database}-other.elsewhere`, `${database}.moved`];
      await engine.client.db('admin').command({ renameCollection, to });
    },
    async () => undefined,
  );
  const databases = { include: [database, `${database}-other`], exclude: [] };
  const { header } = await engine.backUp({ source, databases });
  const run = engine.nextRun();
  const { collections, refused } = await engine.restore(header.backup, run);
  expect(collections.map(({ name }) => name)).toEqual(['from', 'moved', 'out', 'to-be-capped']);
  expect(refused).toEqual([]);
  const capped = collections.find(({ name }) => name === 'to-be-capped')?.beside ?? '';
  expect(
    (await engine.target.collections(database)).find(({ name }) => name === capped)?.options.includes('capped'),
  ).toBe(true);
  expect((await engine.verify(header.backup, run)).equal).toBe(true);
  await Promise.all([engine.db.dropDatabase(), other.dropDatabase()]);
});

test('a replacement that names its _id last is proved as the server stores it: first', async () => {
  await engine.db.collection<{ _id: number }>('items').insertMany([{ _id: 1 }, { _id: 2 }]);
  const source = during(
    engine.source,
    async () => {
      const last = new Map<string, unknown>([
        ['n', 1],
        ['_id', 1],
      ]);
      const updates = [{ q: { _id: 1 }, u: last }];
      await engine.db.command({ update: 'items', updates });
    },
    async () => undefined,
  );
  const { header } = await engine.backUp({ source });
  const run = engine.nextRun();
  await engine.restore(header.backup, run);
  expect((await engine.verify(header.backup, run)).collections.flatMap(({ differences }) => differences)).toEqual([]);
  await engine.db.dropDatabase();
});

test('an update of a name that a document has twice is replayed without harm: a server that is asked to apply it ends itself', async () => {
  const { db, target, client } = engine;
  const twice = rawDocument([
    ['_id', rawInt32(1)],
    ['same', rawInt32(1)],
    ['other', rawInt32(0)],
    ['same', rawInt32(2)],
  ]);
  const inside = rawDocument([
    ['_id', rawInt32(2)],
    [
      'sub',
      rawEmbedded(
        rawDocument([
          ['n', rawInt32(1)],
          ['n', rawInt32(2)],
        ]),
      ),
    ],
  ]);
  await target.insert({ database, name: 'items' }, [twice, inside]);
  const source = during(
    engine.source,
    async () => {
      await db.collection('items').updateMany({}, { $set: { same: 9, 'sub.n': 9, added: 1 } });
      await db.collection('items').updateMany({}, { $inc: { same: 1 }, $unset: { other: '' } });
    },
    async () => undefined,
  );
  const { header } = await engine.backUp({ source });
  const was = (await rawDocuments(client, database, 'items')).toSorted();
  const run = engine.nextRun();
  const { collections } = await engine.restore(header.backup, run);
  expect((await rawDocuments(client, database, collections[0]?.beside ?? '')).toSorted()).toEqual(was);
  expect((await engine.verify(header.backup, run)).collections.flatMap(({ differences }) => differences)).toEqual([]);
  await db.dropDatabase();
});

test('what a restore makes beside while a backup is taken is no part of the backup', async () => {
  const { db } = engine;
  await db.collection('kept').insertMany(Array.from({ length: 100 }, (_, n) => ({ n })));
  const first = await engine.backUp();
  const source = during(
    engine.source,
    async () => undefined,
    async () => {
      await engine.restore(first.header.backup, engine.nextRun());
    },
  );
  const second = await engine.backUp({ source });
  const { collections } = await engine.restore(second.header.backup, engine.nextRun());
  expect(collections.map(({ name }) => name)).toEqual(['kept']);
  await db.dropDatabase();
});
