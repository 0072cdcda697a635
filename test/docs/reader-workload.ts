import { Decimal128, Double, Long, type MongoClient, ObjectId } from 'mongodb';
import { rawDocument, rawInt32, rawString } from '#core';
import type { RestoreTarget } from '#ports';
import { pick, type Seeded, seeded } from '../e2e/scenarios/seeded.ts';

type Item = { _id: number; n: number; list?: unknown[]; sub?: Record<string, unknown>; text?: string };

const ITEMS = 3_000;
const text = 'a text that makes a document take its place. '.repeat(12);

/** What a database has before its backup begins. */
export async function fill(client: MongoClient, database: string, target: RestoreTarget): Promise<void> {
  const db = client.db(database);
  const items = db.collection<Item>('items');
  await items.createIndex({ n: 1, _id: 1 }, { name: 'unique_n', unique: true });
  const item = (n: number): Item => ({
    _id: n,
    n,
    text,
    list: [1, [2, { a: n }], { n }],
    sub: { a: n, deep: { b: [n] } },
  });
  await items.insertMany(Array.from({ length: ITEMS }, (_, n) => item(n)));
  await db.createCollection('ring', { capped: true, size: 100_000, max: 20 });
  await db.collection('ring').insertMany(Array.from({ length: 25 }, (_, n) => ({ n })));
  await db.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
  await db.collection<{ _id: number }>('clustered').insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n })));
  await db.createCollection('folded', { collation: { locale: 'en', strength: 2 } });
  await db.collection<{ _id: string }>('folded').insertMany([{ _id: 'Ab' }, { _id: 'cd' }]);
  for (const name of ['moved', 'dropped', 'kept', 'replaced'])
    await db.collection(name).insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: new ObjectId(), n, name })));
  await db.collection('kept').createIndex({ n: 1 }, { name: 'gone' });
  await db.createCollection('view', { viewOn: 'kept', pipeline: [] });
  await db.createCollection('plain/name %', {});
  await db.collection('plain/name %').insertOne({ _id: 1 as never });
  await target.insert({ database, name: 'odd' }, oddDocuments());
}

/** Documents that a JavaScript object can't hold. */
function oddDocuments(): Buffer[] {
  const words = { type: 0x02, bytes: rawString('x').bytes };
  return [
    rawDocument([
      ['_id', rawInt32(1)],
      ['b', rawInt32(1)],
      ['2', rawInt32(2)],
      ['1', rawInt32(3)],
    ]),
    rawDocument([
      ['_id', rawInt32(2)],
      ['same', rawInt32(1)],
      ['n', rawInt32(1)],
      ['same', words],
    ]),
    rawDocument([
      ['b', rawInt32(1)],
      ['_id', rawInt32(3)],
      ['gone', { type: 0x06, bytes: Buffer.alloc(0) }],
    ]),
  ];
}

const LEAST_WRITES = 400;

/** Writes until it is told to stop, one thing after the other, as the seed says. */
export function writeOn(client: MongoClient, database: string, seed: number): { stop(): Promise<number> } {
  const random = seeded(seed);
  let isOver = false;
  const work = (async (): Promise<number> => {
    let writes = 0;
    for (; !isOver || writes < LEAST_WRITES; writes += 1) await writeOnce(client, database, random);
    return writes;
  })();
  return {
    stop() {
      isOver = true;
      return work;
    },
  };
}

let salt = 0;

async function writeOnce(client: MongoClient, database: string, random: Seeded): Promise<void> {
  // a journal's sync for each would leave room for few of them
  const db = client.db(database, { writeConcern: { w: 1 } });
  const items = db.collection<Item>('items');
  const _id = Math.floor(random() * ITEMS);
  salt += 1;
  const change = pick<() => Promise<unknown>>(random, [
    () => items.updateOne({ _id }, { $inc: { n: ITEMS }, $push: { list: salt }, $set: { 'sub.deep.b.2': salt } }),
    () => items.updateOne({ _id }, { $unset: { 'sub.a': '' }, $set: { [`sub.k${salt % 7}`]: { at: new Date(salt) } } }),
    () => items.updateOne({ _id, 'list.2.n': _id }, { $set: { 'list.2.n': 'inside', 'list.5': null } }),
    () => items.updateOne({ _id }, [{ $set: { list: { $slice: ['$list', 1] }, sub: { b: salt } } }]),
    () => items.updateOne({ _id }, { $rename: { text: 'was' } }),
    () => items.replaceOne({ _id }, { n: -salt, list: [Long.fromNumber(salt), Decimal128.fromString('1.50')] }),
    () => items.deleteOne({ _id }),
    () => items.insertOne({ _id: 10_000 + salt, n: -salt, sub: { 2: 'b', 1: 'a' } }),
    () => items.updateOne({ _id: 20_000 + _id }, { $set: { n: -salt, sub: { upserted: true } } }, { upsert: true }),
    () => transfer(client, database, _id, random() < 0.3),
    () => db.collection('ring').insertOne({ n: 1_000 + salt }),
    () =>
      db.collection<{ _id: number }>('clustered').updateOne({ _id: salt % 60 }, { $set: { salt } }, { upsert: true }),
    () => db.collection<{ _id: number }>('odd').updateOne({ _id: 1 + (salt % 3) }, { $set: { n: salt, 9: salt } }),
    () => db.collection<{ _id: string }>('folded').updateOne({ _id: 'AB' }, { $set: { salt } }),
  ]);
  await change();
}

/** Several statements that count together, or not at all. */
async function transfer(client: MongoClient, database: string, _id: number, isAborted: boolean): Promise<void> {
  const items = client.db(database).collection<Item>('items');
  await client.withSession(async (session) => {
    session.startTransaction({ writeConcern: { w: 1 } });
    await items.updateOne({ _id }, { $set: { 'sub.moved': isAborted } }, { session });
    await items.deleteOne({ _id: _id + 1 }, { session });
    await items.insertOne({ _id: 50_000 + salt, n: -salt }, { session });
    await (isAborted ? session.abortTransaction() : session.commitTransaction());
  });
}

/** More than one entry of the oplog holds. */
export async function writeLarge(client: MongoClient, database: string): Promise<void> {
  const big = client.db(database).collection<{ _id: number }>('big');
  const filling = 'y'.repeat(1024 * 1024);
  await client.withSession((session) =>
    session.withTransaction(async () => {
      for (let n = 0; n < 18; n += 1) await big.insertOne({ _id: n, filling } as never, { session });
      await big.deleteOne({ _id: 3 }, { session });
      await big.updateOne({ _id: 4 }, { $set: { filling: 'short' } }, { session });
    }),
  );
}

/** Changes of the catalog while the collections are read. */
export async function changeCatalog(client: MongoClient, database: string): Promise<void> {
  const db = client.db(database);
  await db.collection('moved').rename('moved_on');
  await db.collection('moved_on').updateMany({ n: { $lt: 20 } }, { $set: { after: 'the rename' } });
  await db.collection('dropped').drop();
  const validator = { n: { $gte: new Double(1) }, d: { $ne: Decimal128.fromString('1.0E+3') } };
  await db.createCollection('fresh', { validator, validationLevel: 'moderate', collation: { locale: 'de' } });
  await db.collection('fresh').insertOne({ n: 5, d: new Date(5) });
  await db.collection('fresh').createIndex({ fresh: 1, at: -1 }, { name: 'early', sparse: true });
  await db.createCollection('short', { capped: true, size: 4096 });
  await db.collection('short').insertMany([{ n: 1 }, { n: 2 }]);
  await db.createCollection('passing', { viewOn: 'kept', pipeline: [] });
}

/** The same, after the last document was read. */
export async function changeCatalogAgain(client: MongoClient, database: string): Promise<void> {
  const db = client.db(database);
  await db.collection('fresh').rename('replaced', { dropTarget: true });
  await db.collection('kept').dropIndex('gone');
  await db.collection('kept').createIndexes([
    { key: { name: 1, n: 1 }, name: 'made', unique: true },
    { key: { n: 1 }, name: 'part', partialFilterExpression: { n: { $gt: 3 } }, expireAfterSeconds: 7_200 },
  ]);
  const checks = { validator: { n: { $gte: 0 } }, validationLevel: 'moderate', validationAction: 'error' };
  await db.command({ collMod: 'kept', ...checks });
  await db.command({ collMod: 'kept', index: { name: 'part', hidden: true, expireAfterSeconds: 9_000 } });
  await db.command({ collMod: 'view', viewOn: 'kept', pipeline: [{ $match: { n: 1, m: new Double(2) } }] });
  await db.createCollection('second', { viewOn: 'items', pipeline: [], collation: { locale: 'fr' } });
  await db.collection('passing').drop();
  await db.collection('ring').insertMany([{ n: -1 }, { n: -2 }]);
}
