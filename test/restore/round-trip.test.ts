import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from 'bson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RawField, rawDocument, rawInt32, rawString } from '#core';
import { described, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('roundtrip');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
});
afterAll(() => engine.close());

const empty = Buffer.alloc(0);

/** Documents that JavaScript objects can't hold, made by hand. */
const byHand: Buffer[] = [
  [
    ['_id', rawInt32(100)],
    ['b', rawInt32(1)],
    ['2', rawInt32(2)],
    ['1', rawInt32(3)],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(101)],
    ['same', rawInt32(1)],
    ['same', rawInt32(2)],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(102)],
    ['gone', { type: 0x06, bytes: empty }],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(103)],
    ['pointer', { type: 0x0c, bytes: Buffer.concat([rawString('db.x').bytes, Buffer.alloc(12, 7)]) }],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(104)],
    ['bad', { type: 0x02, bytes: Buffer.from([3, 0, 0, 0, 0xc3, 0x28, 0]) }],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(105)],
    ['t', { type: 0x11, bytes: Buffer.alloc(8) }],
    ['after', rawInt32(1)],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(106)],
    ['a.b', { type: 0x11, bytes: Buffer.alloc(8) }],
    ['$x', rawInt32(1)],
  ] satisfies RawField[],
  [
    ['_id', rawInt32(107)],
    ['nan', { type: 0x01, bytes: Buffer.from([1, 0, 0, 0, 0, 0, 0xf8, 0x7f]) }],
  ] satisfies RawField[],
].map((fields) => rawDocument(fields));

const byDriver = [
  { _id: 1, double: new Double(1), minusZero: new Double(-0), int: new Int32(1), long: Long.fromNumber(1) },
  { _id: 2, decimal: Decimal128.fromString('1.000'), date: new Date(-1), far: new Date(8.64e15), none: null },
  { _id: 3, regex: new BSONRegExp('(?i)a', 'mx'), symbol: new BSONSymbol('s'), code: new Code('f', { a: 1 }) },
  {
    _id: 4,
    min: new MinKey(),
    max: new MaxKey(),
    ts: new Timestamp({ t: 5, i: 6 }),
    ref: new DBRef('x', new ObjectId()),
  },
  {
    _id: 5,
    old: new Binary(Buffer.from('abc'), 2),
    uuid: new UUID(),
    nested: { deep: [[{}], []], t: new Timestamp(0n) },
  },
  { _id: new Double(6.5) },
  { _id: 'text' },
  { _id: { a: 1, b: [1] } },
  { _id: new Date(1) },
  { _id: true },
].map((document) => Buffer.from(serialize(document)));

test('every kind of value comes back byte for byte', async () => {
  const at = { database, name: 'values' };
  await engine.target.insert(at, [...byDriver, ...byHand]);
  const before = await rawDocuments(engine.client, database, 'values');
  // the oracle's own premise: the server holds what was made
  expect(before.toSorted()).toEqual([...byDriver, ...byHand].map((document) => document.toString('hex')).toSorted());
  const manifest = await engine.backUp();
  const run = engine.nextRun();
  const { collections } = await engine.restore(manifest.header.backup, run);
  const after = await rawDocuments(engine.client, database, collections[0]?.beside ?? '');
  expect(after.toSorted()).toEqual(before.toSorted());
  const verified = await engine.verify(manifest.header.backup, run);
  expect(verified.collections.flatMap(({ differences }) => differences)).toEqual([]);
  expect(verified.collections[0]?.comparedWith).toBe('manifest');
  await engine.db.dropDatabase();
});

test('a document of 16 MB comes back', async () => {
  await engine.db.collection('large').insertOne({ _id: 1 as never, text: 'x'.repeat(16 * 1024 * 1024 - 60) });
  const manifest = await engine.backUp();
  const run = engine.nextRun();
  await engine.restore(manifest.header.backup, run);
  expect((await engine.verify(manifest.header.backup, run)).equal).toBe(true);
  await engine.db.dropDatabase();
});

/** What the server says of a collection: options, indexes and documents; their order where it counts. */
async function all(name: string): Promise<unknown> {
  const documents = await rawDocuments(engine.client, database, name);
  const { options, ...rest } = await described(engine.client, database, name);
  return { options, ...rest, documents: options?.capped ? documents : documents.toSorted() };
}

test('every kind of collection and index comes back as it was', async () => {
  const { db } = engine;
  await db.createCollection('capped', { capped: true, size: 65_536, max: 50 });
  await db.createCollection('clustered', {
    clusteredIndex: { key: { _id: 1 }, unique: true },
    expireAfterSeconds: 900_000,
  });
  await db.createCollection('folded', { collation: { locale: 'en', strength: 2 } });
  await db.createCollection('checked', {
    validator: { a: { $type: 'number' }, $and: [{ b: { $gte: new Double(1) } }] },
    validationLevel: 'moderate',
    validationAction: 'error',
  });
  await db.createCollection('images', { changeStreamPreAndPostImages: { enabled: true } });
  await db.createCollection('seen', { viewOn: 'indexed', pipeline: [{ $match: { n: { $gt: 2 } } }] });
  await db.collection('capped').insertMany(Array.from({ length: 80 }, (_, n) => ({ n })));
  await db.collection('clustered').insertMany([{ _id: new Date() as never }, { _id: new Date(1e12) as never }]);
  await db.collection<{ _id: string }>('folded').insertMany([{ _id: 'Ab' }, { _id: 'cd' }]);
  await db.collection('checked').insertOne({ a: 'not a number' }, { bypassDocumentValidation: true });
  const indexed = db.collection('indexed');
  await indexed.insertMany(
    Array.from({ length: 20 }, (_, n) => ({ n, text: `word ${n}`, at: new Date(), at2: [n, n] })),
  );
  await indexed.createIndexes([
    { key: { n: 1 }, name: 'unique_n', unique: true },
    { key: { n: new Double(-1.5) as never, text: 1 }, name: 'odd' },
    { key: { at: 1 }, name: 'ttl', expireAfterSeconds: 7_200 },
    { key: { text: 'text' }, name: 'words', default_language: 'none' },
    { key: { n: 'hashed' }, name: 'hashed' },
    { key: { _id: 'hashed' }, name: 'hashed_id' },
    { key: { '$**': 1 }, name: 'wild', wildcardProjection: { at: 0 } },
    { key: { at2: 1 }, name: 'partial', partialFilterExpression: { n: { $gt: 3 }, at2: { $exists: true } } },
    { key: { text: 1 }, name: 'collated', collation: { locale: 'de', strength: 1 }, hidden: true, sparse: true },
    { key: { p: '2dsphere' }, name: 'sphere' },
  ]);
  const names = ['capped', 'clustered', 'folded', 'checked', 'images', 'indexed'];
  const before = new Map<string, unknown>();
  for (const name of names) {
    before.set(name, await all(name));
  }
  const manifest = await engine.backUp();
  const run = engine.nextRun();
  const restored = await engine.restore(manifest.header.backup, run);
  expect(restored.refused).toEqual([]);
  const verified = await engine.verify(manifest.header.backup, run);
  expect(verified.collections.flatMap(({ differences }) => differences)).toEqual([]);
  // the oracle: what the server says of both, once expiry is on again
  for (const { name, beside, ttl } of restored.collections) {
    for (const { index, expireAfterSeconds } of ttl)
      await engine.target.expire({ database, name: beside }, { index, expireAfterSeconds });
    expect(await all(beside), name).toEqual(before.get(name));
  }
  expect(manifest.body.views.map(({ name }) => name)).toEqual(['seen']);
  await db.dropDatabase();
});
