import { type Collection, type MongoClient, Timestamp } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackupId } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';
import { archiveHours, listTimelines } from '#vault';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { captureBench } from './capture-bench.ts';

const database = ownName('second');
const { vault, stores } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let bench: ReturnType<typeof captureBench>;

beforeAll(async () => {
  const uri = await sharedMongoUri();
  engine = await openEngine(uri, database, vault, 'primary');
  bench = captureBench(uri, database, vault);
});
afterAll(async () => {
  await bench.stop();
  await engine.close();
});

type Item = { _id: number; n: number; list?: number[]; sub?: { a?: number }; text?: string };

/** One round of every kind of write; some of it in transactions, one of them too large for one entry. */
async function write(items: Collection<Item>, other: Collection<Item>, salt: number): Promise<void> {
  await items.updateMany({ _id: { $mod: [3, salt % 3] } }, { $inc: { n: 1 }, $push: { list: salt } });
  await items.updateOne({ _id: 5 }, { $unset: { sub: '' }, $set: { 'list.1': salt } });
  await items.replaceOne({ _id: 6 }, { n: salt });
  await items.deleteMany({ _id: { $in: [10 + salt, 11 + salt] } });
  await items.insertOne({ _id: 10 + salt, n: -salt, sub: { a: 1 } });
  await items.bulkWrite(
    Array.from({ length: 20 }, (_, n) => ({ insertOne: { document: { _id: 10_000 * salt + n, n } } })),
    { ordered: false },
  );
  await engine.client.withSession((session) =>
    session.withTransaction(async () => {
      const text = 'x'.repeat(salt % 8 === 0 ? 3_000_000 : 10);
      for (let n = 0; n < 7; n += 1) await other.insertOne({ _id: 100 * salt + n, n, text }, { session });
      await items.updateOne({ _id: 1 }, { $set: { text: `in transaction ${salt}` } }, { session });
    }),
  );
}

/** Everything but the long texts, of which a reply holds too few; `verify` compares their bytes. */
const SHOWN = {
  sort: { _id: 1 },
  projection: { n: 1, list: 1, sub: 1, text: { $strLenCP: { $ifNull: ['$text', ''] } } },
} as const;

/** What the server itself says a collection was at that time, in order of `_id`. */
async function asOf(client: MongoClient, name: string, at: OplogTime): Promise<string[]> {
  const atClusterTime = new Timestamp({ t: at.seconds, i: at.increment });
  const answer = await client.db(database).command({
    find: name,
    ...SHOWN,
    batchSize: 100_000,
    singleBatch: true,
    readConcern: { level: 'snapshot', atClusterTime },
  });
  return answer['cursor'].firstBatch.map((document: object) => JSON.stringify(document));
}

async function decoded(name: string): Promise<string[]> {
  const found = engine.db.collection(name).find({}, SHOWN);
  return (await found.toArray()).map((document) => JSON.stringify(document));
}

test('every moment since a backup can be restored, exactly as the server itself says it was', async () => {
  const items = engine.db.collection<Item>('items');
  const other = engine.db.collection<Item>('other');
  await items.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n, n, list: [1, 2], sub: { a: n } })));
  await other.insertOne({ _id: -1, n: 0 });
  bench.start();
  await bench.caughtUp();
  for (let salt = 1; salt < 5; salt += 1) await write(items, other, salt);
  const { header } = await engine.backUp();
  for (let salt = 5; salt < 18; salt += 1) {
    await write(items, other, salt);
    // however slow the machine: what follows is in another segment
    if (salt % 6 === 5) await bench.caughtUp();
  }

  const timeline = (await listTimelines(vault)).timelines[0];
  const ends = timeline?.ranges
    .map(({ through }) => through)
    .filter((end) => compareOplogTimes(end, header.window.end) > 0);
  const points = ends?.filter((_, index) => index % Math.floor(ends.length / 3) === 0) ?? [];
  expect(points.length).toBeGreaterThan(2);
  for (const at of points) await equalsServer(header.backup, at);

  // the same from the archive alone
  await engine.db.collection('__hf_R1_copy').insertOne({ restored: true });
  await engine.db.collection('__hf_R1_copy').rename('swapped');
  await bench.caughtUp();
  const [first, second] = (await listTimelines(vault)).timelines;
  expect([first?.number, second?.number]).toEqual([1, 2]);
  const hours = await archiveHours({
    vault,
    lock: { mode: 'governance', until: new Date(Date.now() + 86_400_000) },
    durableRegions: 2,
    signal: never(),
  });
  expect(hours.length).toBeGreaterThan(0);
  for (const store of stores) {
    for (const key of store.keys()) if (key.startsWith('capture/0001/')) store.erase(key);
  }
  const archived = (await listTimelines(vault)).timelines[0];
  expect(archived?.through).toEqual(first?.through);
  await equalsServer(header.backup, points.at(-1) ?? header.window.end);
}, 60_000);

async function equalsServer(backup: BackupId, at: OplogTime): Promise<void> {
  const run = engine.nextRun();
  const point = { timeline: 1, before: { ...at, increment: at.increment + 1 }, reached: at };
  const { collections } = await engine.restore(backup, run, point);
  for (const name of ['items', 'other']) {
    const beside = collections.find((found) => found.name === name)?.beside ?? '';
    expect(await decoded(beside)).toEqual(await asOf(engine.client, name, at));
  }
  expect((await engine.verify(backup, run, point)).equal).toBe(true);
}
