import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWrittenRecords } from '#adapters/mongodb';
import { hashOf } from '#core';
import { writtenRecordsContract } from '../../contract/written-records.contract.ts';
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

const majority = { writeConcern: { w: 'majority' } } as const;
writtenRecordsContract('MongoDB', async () => ({
  records,
  write: async (id) => {
    await logs().insertOne(log(id), majority);
    return hashOf(log(id));
  },
  change: async (id) => void (await logs().updateOne({ _id: id }, { $set: { note: 'other' } }, majority)),
  remove: async (id) => void (await logs().deleteOne({ _id: id }, majority)),
  close: async () => undefined,
}));

test('the history has what was inserted in a transaction, and what was dropped with its collection', async () => {
  await logs().insertOne(log('dropped'), majority);
  await client.withSession((session) =>
    session.withTransaction(() => logs().insertMany([log('together-1'), log('together-2')], { session })),
  );
  await logs().drop(majority);

  const ids = ['dropped', 'together-1', 'together-2'];
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
