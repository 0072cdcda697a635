import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWrittenRecords } from '#adapters/mongodb';
import { hashOf } from '#core';
import { ownName, sharedMongoUri } from '../../support/servers.ts';

const database = ownName('written');
const since = new Date(Date.now() - 60_000);
let client: MongoClient;
let records: ReturnType<typeof openWrittenRecords>;
beforeAll(async () => {
  const uri = await sharedMongoUri();
  client = new MongoClient(uri);
  records = openWrittenRecords({ uri, database, collection: 'driver_logs' });
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await Promise.all([client.close(), records.close()]);
});

const logs = () => client.db(database).collection<{ _id: string; note: string }>('driver_logs');
const log = (id: string) => ({ _id: id, note: `content of ${id}` });

test('what is there is read by id and hash, and what is not there is left out', async () => {
  await logs().insertOne(log('there'), { writeConcern: { w: 'majority' } });
  expect([...(await records.hashes(['there', 'nowhere']))]).toEqual([['there', hashOf(log('there'))]]);
  expect((await records.inserted(['nowhere'], since)).size).toBe(0);
});

test('the history keeps what was inserted: changed, deleted, in a transaction, or dropped with its collection', async () => {
  const majority = { writeConcern: { w: 'majority' } } as const;
  await logs().insertMany([log('changed'), log('deleted'), log('dropped')], majority);
  await client.withSession((session) =>
    session.withTransaction(() => logs().insertMany([log('together-1'), log('together-2')], { session })),
  );
  await logs().updateOne({ _id: 'changed' }, { $set: { note: 'other' } }, majority);
  await logs().deleteOne({ _id: 'deleted' }, majority);
  await logs().drop(majority);

  const ids = ['changed', 'deleted', 'dropped', 'together-1', 'together-2'];
  expect((await records.hashes(ids)).size).toBe(0);
  const inserted = await records.inserted([...ids, 'never'], since);
  expect(new Map(inserted)).toEqual(new Map(ids.map((id) => [id, hashOf(log(id))])));
});

test('another collection of that name, or a time before, is not mistaken for it', async () => {
  await client.db(`${database}-2`).collection<{ _id: string }>('driver_logs').insertOne({ _id: 'elsewhere' });
  await logs().insertOne(log('early'), { writeConcern: { w: 'majority' } });
  expect((await records.inserted(['elsewhere'], since)).size).toBe(0);
  expect((await records.inserted(['early'], new Date(Date.now() + 60_000))).size).toBe(0);
  await client.db(`${database}-2`).dropDatabase();
});
