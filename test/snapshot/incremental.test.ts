import { Binary, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, serialize, Timestamp, UUID } from 'bson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RawDocument, rawDocument, rawInt32 } from '#core';
import type { Manifest } from '#vault';
import { during } from '../support/during.ts';
import { openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const { vault, stores } = memoryVault();
let uri: string;
const engines: Awaited<ReturnType<typeof openEngine>>[] = [];

beforeAll(async () => {
  uri = await sharedMongoUri();
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

async function open() {
  const database = ownName('changes');
  const engine = await openEngine(uri, database, vault, 'primary');
  engines.push(engine);
  /** What of the restored collection differs from the live one, which nobody wrote to since the backup. */
  const differences = async (manifest: Manifest, name: string): Promise<string[]> => {
    const run = engine.nextRun();
    const { backup } = manifest.header;
    const { collections } = await engine.restore(backup, run);
    const beside = collections.find((each) => each.name === name)?.beside ?? '';
    const restored = (await rawDocuments(engine.client, database, beside)).toSorted();
    const live = (await rawDocuments(engine.client, database, name)).toSorted();
    const verified = await engine.verify(backup, run);
    for (const each of collections) await engine.target.drop({ database, name: each.beside });
    return [
      ...restored.filter((document) => !live.includes(document)).map((document) => `not live: ${document}`),
      ...live.filter((document) => !restored.includes(document)).map((document) => `not restored: ${document}`),
      ...verified.collections.flatMap((each) => each.differences),
    ];
  };
  return { engine, database, differences };
}

const recordOf = ({ body }: Manifest, name: string) => body.collections.find((each) => each.name === name);
/** Small collections would all be read whole for the share that changed. */
const NEVER_WHOLE = { wholeFrom: Number.POSITIVE_INFINITY };

const ids: unknown[] = [
  1,
  new Double(2.5),
  Long.fromString('9007199254740993'),
  Decimal128.fromString('7.10'),
  new Double(-0),
  new Double(Number.NaN),
  new Double(Number.POSITIVE_INFINITY),
  '',
  'text',
  'grüße\u0000null',
  null,
  true,
  new Date(-1),
  new ObjectId(),
  new UUID(),
  new Binary(Buffer.from('abc'), 2),
  new Timestamp({ t: 5, i: 6 }),
  new MinKey(),
  new MaxKey(),
  { 2: 'two', 1: new Double(1), b: [1, { c: null }] },
  {},
];
const documentsOf = (extra: object): RawDocument[] =>
  ids.map((_id) => Buffer.from(serialize(new Map<string, unknown>([['_id', _id], ...Object.entries(extra)]))));

test('a document is found again by every kind of _id, changed, removed, or replaced by one of another number type', async () => {
  const { engine, database, differences } = await open();
  const things = { database, name: 'things' };
  await engine.target.insert(things, documentsOf({ v: 1 }));
  const full = await engine.backUp();
  const live = engine.db.collection('things');
  await live.updateMany({}, { $set: { v: 2 } });
  const changed = await engine.backUpChanges(full, NEVER_WHOLE);
  expect(recordOf(changed, 'things')).toMatchObject({ documents: ids.length, gone: { documents: 0 } });
  expect(await differences(changed, 'things')).toEqual([]);
  await live.replaceOne({ _id: 1 as never }, { _id: new Double(1) as never, v: 3 });
  await live.deleteMany({ v: 2, _id: { $type: ['string', 'object', 'null', 'date', 'minKey'] } } as object);
  const removed = await engine.backUpChanges(changed, NEVER_WHOLE);
  expect(recordOf(removed, 'things')).toMatchObject({ documents: 1, gone: { documents: 8 } });
  expect(await differences(removed, 'things')).toEqual([]);
});

test('an _id that no command can carry makes its collection be read whole', async () => {
  const { engine, database, differences } = await open();
  const at = { database, name: 'odd' };
  const bad = (_id: Buffer) =>
    rawDocument([
      ['_id', { type: 0x02, bytes: _id }],
      ['v', rawInt32(1)],
    ]);
  await engine.target.insert(at, [bad(Buffer.from([3, 0, 0, 0, 0xc3, 0x28, 0]))]);
  await engine.db.collection('odd').insertMany(Array.from({ length: 40 }, (_, _id) => ({ _id: _id as never })));
  const full = await engine.backUp();
  await engine.db.collection('odd').updateMany({}, { $set: { v: 2 } });
  const changed = await engine.backUpChanges(full, NEVER_WHOLE);
  expect(recordOf(changed, 'odd')).toMatchObject({ documents: 41 });
  expect(recordOf(changed, 'odd')).not.toHaveProperty('gone');
  expect(await differences(changed, 'odd')).toEqual([]);
});

test('under a collation two texts are one _id: the one in whose place the other came does not come back', async () => {
  const { engine, differences } = await open();
  const names = await engine.db.createCollection('names', { collation: { locale: 'en', strength: 2 } });
  await names.insertMany(['ada', 'bob', 'cy'].map((_id) => ({ _id: _id as never })));
  const full = await engine.backUp();
  await names.deleteOne({ _id: 'ada' as never });
  await names.insertOne({ _id: 'ADA' as never });
  await names.updateOne({ _id: 'BOB' as never }, { $set: { v: 1 } });
  const changed = await engine.backUpChanges(full, NEVER_WHOLE);
  expect(recordOf(changed, 'names')).toHaveProperty('gone');
  expect(await differences(changed, 'names')).toEqual([]);
});

test('what was made since, renamed, capped, clustered, dropped and made again comes back as it is', async () => {
  const { engine, database, differences } = await open();
  const { db } = engine;
  await db.createCollection('ring', { capped: true, size: 4096, max: 5 });
  await db.createCollection('tree', { clusteredIndex: { key: { _id: 1 }, unique: true } });
  for (const name of ['ring', 'tree', 'old', 'again', 'still', 'goes']) {
    await db.collection(name).insertMany(Array.from({ length: 4 }, (_, _id) => ({ _id: _id as never, in: name })));
  }
  const full = await engine.backUp();
  await db.collection('ring').insertMany([4, 5, 6].map((_id) => ({ _id: _id as never })));
  await db.collection('tree').updateOne({ _id: 2 as never }, { $set: { v: 1 } });
  await db.collection('old').rename('renamed');
  await db.collection('renamed').deleteOne({ _id: 0 as never });
  await db.dropCollection('again');
  await db.collection('again').insertOne({ _id: 1 as never, in: 'the second' });
  await db.collection('made').insertOne({ _id: 1 as never });
  await db.collection('still').createIndex({ in: 1 });
  const changed = await engine.backUpChanges(full, {
    ...NEVER_WHOLE,
    source: during(
      engine.source,
      async () => void (await db.dropCollection('goes')),
      async () => void (await db.collection('tree').insertOne({ _id: 9 as never })),
    ),
  });
  const partly = changed.body.collections.filter(({ gone }) => gone !== undefined).map(({ name }) => name);
  expect(partly.toSorted()).toEqual(expect.arrayContaining(['renamed', 'still', 'tree']));
  for (const name of ['ring', 'tree', 'renamed', 'again', 'made', 'still']) {
    expect(await differences(changed, name), name).toEqual([]);
  }
  const ring = await rawDocuments(engine.client, database, 'ring');
  const run = engine.nextRun();
  const { collections } = await engine.restore(changed.header.backup, run);
  const restored = collections.find(({ name }) => name === 'ring')?.beside ?? '';
  expect(await rawDocuments(engine.client, database, restored)).toEqual(ring);
  expect(collections.map(({ name }) => name)).not.toContain('goes');
});

test('the cost is that of the change: of 20,000 documents 100 are stored, and of what nobody wrote to nothing', async () => {
  const { engine } = await open();
  const text = () => new ObjectId().toHexString().repeat(4);
  for (const name of ['busy', 'quiet']) {
    const documents = Array.from({ length: 20_000 }, (_, _id) => ({ _id: _id as never, text: text() }));
    await engine.db.collection(name).insertMany(documents);
  }
  const full = await engine.backUp();
  await engine.db.collection('busy').updateMany({ _id: { $mod: [200, 7] } } as object, { $set: { v: 1 } });
  const { header, body } = await engine.backUpChanges(full);
  expect(header).toMatchObject({ documents: 100, restores: { documents: 40_000 } });
  expect(header.storedBytes).toBeLessThan(full.header.storedBytes / 20);
  expect(body.collections.find(({ name }) => name === 'quiet')).toMatchObject({ documents: 0, bytes: 0 });
});

test('most of a collection changed: it is read whole, and its chain ends there', async () => {
  const { engine, differences } = await open();
  const few = engine.db.collection('few');
  await few.insertMany(Array.from({ length: 100 }, (_, _id) => ({ _id: _id as never })));
  const full = await engine.backUp();
  await few.updateMany({ _id: { $lt: 60 } } as object, { $set: { v: 1 } });
  const changed = await engine.backUpChanges(full);
  expect(recordOf(changed, 'few')).not.toHaveProperty('gone');
  expect(await differences(changed, 'few')).toEqual([]);
});

test('an oplog that no longer reaches back to the parent is an error, never a backup that lacks what it does not know', async () => {
  const { engine } = await open();
  await engine.db.collection('things').insertOne({ v: 1 });
  const full = await engine.backUp();
  const long = { ...full.header.window, start: { seconds: 1, increment: 1 } };
  const parent: Manifest = { ...full, header: { ...full.header, window: long } };
  await expect(engine.backUpChanges(parent)).rejects.toMatchObject({ code: 'SOURCE_CHANGED', kind: 'permanent' });
});

test('a chain is restored from whichever region has each part whole; where none has, nothing is restored', async () => {
  const { engine, differences } = await open();
  await engine.db.collection('things').insertMany(Array.from({ length: 50 }, (_, _id) => ({ _id: _id as never })));
  const full = await engine.backUp();
  await engine.db.collection('things').deleteMany({ _id: { $lt: 5 } } as object);
  const changed = await engine.backUpChanges(full);
  const [first] = full.body.segments;
  const damage = (store: (typeof stores)[number] | undefined): void =>
    store?.tamper(first?.key ?? '', (body) => {
      body[100] = (body[100] ?? 0) ^ 1;
      return body;
    });
  damage(stores[0]);
  damage(stores[1]);
  expect(await differences(changed, 'things')).toEqual([]);
  damage(stores[2]);
  await expect(engine.restore(changed.header.backup, engine.nextRun())).rejects.toMatchObject({
    code: 'BACKUP_DAMAGED',
  });
});
