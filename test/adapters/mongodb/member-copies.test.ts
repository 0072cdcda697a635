import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aloneAt, openMemberCopies } from '#adapters/mongodb';
import { documentsOf } from '#core';
import type { OplogTime, SourceCollection } from '#ports';
import { ownName, sharedMongoUri } from '../../support/servers.ts';

const database = ownName('copies');
const signal = new AbortController().signal;
let client: MongoClient;
let copies: ReturnType<typeof openMemberCopies>;
let host: string;

beforeAll(async () => {
  const uri = await sharedMongoUri();
  client = new MongoClient(uri, { writeConcern: { w: 'majority' } });
  copies = openMemberCopies({ uri });
  host = String((await client.db('admin').command({ hello: 1 }))['me']);
  const logs = client.db(database).collection<{ _id: number; text: string }>('logs');
  await logs.insertMany(Array.from({ length: 200 }, (_, n) => ({ _id: n, text: 'x'.repeat(50) })));
  await client.db(database).createCollection('notes', { capped: true, size: 10_000 });
  await client.db(database).collection('notes').insertOne({ note: 1 });
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await Promise.all([client.close(), copies.close()]);
});

const collection = async (name: string): Promise<SourceCollection> => {
  const { collections } = await copies.catalog(host, database);
  const found = collections.find((each) => each.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

async function count(name: string, at: OplogTime): Promise<number> {
  let documents = 0;
  for await (const batch of copies.read(host, await collection(name), { kind: 'all' }, at, signal)) {
    documents += [...documentsOf(batch.documents)].length;
  }
  return documents;
}

it('reads a collection as it was at a time, whatever happened to it since', async () => {
  const before = await copies.majorityTime(host);
  await client.db(database).collection('logs').deleteMany({});
  expect(await count('logs', before)).toBe(200);
  expect(await count('logs', await copies.majorityTime(host))).toBe(0);
});

it('reads a capped collection as it is, and cuts one in ranges that hold all of it', async () => {
  expect(await count('notes', await copies.majorityTime(host))).toBe(1);
  const ids = Array.from({ length: 500 }, (_, n) => ({ _id: n }));
  await client.db(database).collection<{ _id: number }>('many').insertMany(ids);
  const many = await collection('many');
  const cuts = await copies.splitPoints(host, many, 4);
  const at = await copies.majorityTime(host);
  let documents = 0;
  for (const [index, from] of ['first' as const, ...cuts].entries()) {
    const range = { kind: 'ids', from, to: cuts[index] ?? 'last' } as const;
    for await (const batch of copies.read(host, many, range, at, signal)) documents += batch.count;
  }
  expect([cuts.length, documents]).toEqual([3, 500]);
});

it('a collection that was dropped is not there, and a time too long ago is said to be one', async () => {
  await client.db(database).collection<{ _id: number }>('gone').insertOne({ _id: 1 });
  const gone = await collection('gone');
  await client.db(database).dropCollection('gone');
  const reading = async (at: OplogTime) => {
    for await (const _batch of copies.read(host, gone, { kind: 'all' }, at, signal));
  };
  await expect(reading(await copies.majorityTime(host))).rejects.toMatchObject({
    code: expect.stringMatching(/^(NOT_FOUND|SOURCE_CHANGED)$/),
  });
  await expect(count('logs', { seconds: 1, increment: 1 })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
});

it('a member of a set is not taken for a server that runs alone, nor is silence', async () => {
  const uri = await sharedMongoUri();
  expect(await aloneAt(uri, host)).toBeUndefined();
  expect(await aloneAt(uri, '127.0.0.1:1')).toBeUndefined();
});
