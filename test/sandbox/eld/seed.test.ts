import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COLLECTIONS, seedEld, VIEW } from '#sandbox/eld';
import { createUsers, type ReplicaSet, startReplicaSet } from '#sandbox/servers';

let set: ReplicaSet;
let client: MongoClient;
let eld: Db;
const now = Date.UTC(2026, 10, 24);

beforeAll(async () => {
  set = await startReplicaSet({ name: 'seed', members: [{ name: 'one', region: 'us-east-1', priority: 1 }] });
  await createUsers({ rootUri: set.uri('root'), keyText: set.key.text, databases: ['eld'] });
  client = new MongoClient(set.uri('root'));
  eld = client.db('eld');
  // as the application, which has no more than readWrite
  expect(await seedEld({ uri: set.uri('eld'), now })).toEqual({ collections: 14, documents: 20_000 });
});
afterAll(async () => {
  await client.close();
  await set.stop();
});

test('it has fourteen collections and twenty thousand documents, and a second seeding adds none', async () => {
  expect(await seedEld({ uri: set.uri('eld'), now })).toEqual({ collections: 14, documents: 0 });
  const counts = await Promise.all(COLLECTIONS.map(({ name }) => eld.collection(name).countDocuments()));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20_000);
});

test('every kind of collection is there', async () => {
  const options = Object.fromEntries((await eld.listCollections().toArray()).map((one) => [one.name, one]));
  expect(options['device_events']).toMatchObject({ options: { capped: true, max: 5000 } });
  expect(options['malfunctions']).toMatchObject({ options: { clusteredIndex: { unique: true } } });
  expect(options['terminals']).toMatchObject({ options: { collation: { strength: 2, numericOrdering: true } } });
  expect(options['drivers']).toMatchObject({
    options: { validator: { $jsonSchema: {} }, validationLevel: 'moderate' },
  });
  expect(options[VIEW]).toMatchObject({ type: 'view', options: { viewOn: 'driver_logs' } });
  expect(await eld.collection(VIEW).find().limit(3).toArray()).toHaveLength(3);
  await expect(eld.collection('drivers').insertOne({ name: 1 })).rejects.toThrow('failed validation');
});

test('every kind of index is there', async () => {
  const all = await Promise.all(COLLECTIONS.map(({ name }) => eld.collection(name).indexes()));
  const has = (part: object) => expect(all.flat()).toContainEqual(expect.objectContaining(part));
  has({ key: { dotNumber: 1 }, unique: true });
  has({ key: { expiresAt: 1 }, expireAfterSeconds: 0 });
  has({ partialFilterExpression: { resolved: false } });
  has({ sparse: true, unique: true });
  has({ hidden: true });
  has({ key: { location: '2dsphere' } });
  has({ key: { 'attributes.$**': 1 } });
  has({ name: 'name_any_case', collation: expect.objectContaining({ locale: 'en' }) });
  expect(await eld.collection('driver_logs').indexes()).toHaveLength(3);
});

test('odd documents are stored as they are: a name twice, keys like integers in their own order', async () => {
  const [raw] = await eld.collection('annotations').find({ '10': 0 }, { raw: true }).toArray();
  const bytes = Buffer.from(raw as unknown as Uint8Array);
  const ten = bytes.indexOf('\u001010\u0000');
  const nine = bytes.indexOf('\u00029\u0000');
  expect(ten).toBeGreaterThan(0);
  expect(nine).toBeGreaterThan(ten);
  expect(bytes.indexOf('\u00029\u0000', nine + 1)).toBeGreaterThan(nine);
  const types = await eld
    .collection('annotations')
    .aggregate<{ _id: string }>([{ $group: { _id: { $type: '$value' } } }])
    .toArray();
  expect(types.map(({ _id }) => _id)).toEqual(
    expect.arrayContaining([
      'decimal',
      'timestamp',
      'binData',
      'long',
      'array',
      'minKey',
      'maxKey',
      'javascript',
      'regex',
    ]),
  );
});

test('the same seed makes the same documents', async () => {
  const hash = () =>
    eld.command({ dbHash: 1, collections: ['inspections', 'annotations', 'fuel_receipts', 'positions'] });
  const first = await hash();
  await Promise.all(
    ['inspections', 'annotations', 'fuel_receipts', 'positions'].map((name) => eld.dropCollection(name)),
  );
  await seedEld({ uri: set.uri('eld'), now });
  expect((await hash())['collections']).toEqual(first['collections']);
});
