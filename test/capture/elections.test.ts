import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOplogSource } from '#adapters/mongodb';
import type { CapturedUntil } from '#restore';
import { type ReplicaSet, startReplicaSet, until } from '#sandbox/servers';
import { listTimelines } from '#vault';
import { openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { captureBench } from './capture-bench.ts';

const { vault } = memoryVault();
let set: ReplicaSet;
let client: MongoClient;
let bench: ReturnType<typeof captureBench>;
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  set = await startReplicaSet({
    name: 'elections',
    members: ['a-1', 'b-1', 'c-1'].map((name) => ({ name, region: 'us-east-1', priority: 1 })),
    settings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 },
  });
  const uri = set.uri('root');
  client = await new MongoClient(uri, { serverSelectionTimeoutMS: 20_000 }).connect();
  bench = captureBench(uri, 'eld', vault);
  engine = await openEngine(uri, 'eld', vault, 'primary');
}, 90_000);
afterAll(async () => {
  await bench.stop();
  await engine.close();
  await client.close();
  await set.stop();
}, 60_000);

const logs = () => client.db('eld').collection<{ _id: number; w: number }>('logs');

/** A majority write that is tried until it is acknowledged, as a service does it. */
async function write(_id: number): Promise<void> {
  await until(`write ${_id} is acknowledged`, async () => {
    await logs().updateOne(
      { _id },
      { $set: { w: 2 } },
      { upsert: true, writeConcern: { w: 'majority', wtimeoutMS: 5_000 } },
    );
    return true;
  });
}

async function primary() {
  const name = await until('there is a primary', async () => {
    const hello = await client.db('admin').command({ hello: 1 });
    const found = set.members.find(({ port }) => String(hello['primary']).endsWith(`:${port}`));
    return hello['isWritablePrimary'] === true ? found : undefined;
  });
  return name;
}

test('elections, frozen and killed members: every acknowledged write is captured, one that was rolled back never', async () => {
  await write(0);
  bench.start({ openOplog: (prefer) => openOplogSource({ uri: set.uri('root'), prefer }) });
  await bench.caughtUp();
  const { header } = await engine.backUp();
  let next = 1;
  const some = async (): Promise<void> => {
    for (const end = next + 20; next < end; next += 1) await write(next);
  };
  await some();

  // the primary dies
  const first = await primary();
  first.kill('SIGKILL');
  await some();
  await first.restart();

  // a secondary freezes, perhaps the one that is read
  await until('everybody is back', async () => (await healthy()) === 3);
  const leader = await primary();
  const frozen = set.members.find((member) => member !== leader);
  frozen?.kill('SIGSTOP');
  await some();
  frozen?.kill('SIGCONT');

  // a primary whose secondaries are dead takes a write that nobody else ever sees
  await until('everybody is back', async () => (await healthy()) === 3);
  await bench.caughtUp();
  const old = await primary();
  const others = set.members.filter((member) => member !== old);
  for (const member of others) member.kill('SIGKILL');
  const lonely = await new MongoClient(set.memberUri(old.name, 'root')).connect();
  await lonely
    .db('eld')
    .collection<{ _id: number }>('logs')
    .insertOne({ _id: -1 }, { writeConcern: { w: 1, journal: true } });
  await lonely.close();
  old.kill('SIGKILL');
  await Promise.all(
    others.map(async (member) => {
      await member.ended();
      await member.restart();
    }),
  );
  await some();
  await old.restart();
  await until('everybody is back', async () => (await healthy()) === 3, { withinMs: 60_000 });
  await some();
  await bench.caughtUp();

  expect(await logs().findOne({ _id: -1 })).toBeNull();
  const { timelines } = await listTimelines(vault);
  expect(timelines).toHaveLength(1);
  const through = timelines[0]?.through ?? header.window.end;
  const point: CapturedUntil = {
    timeline: 1,
    before: { ...through, increment: through.increment + 1 },
    reached: through,
  };
  const { collections } = await engine.restore(header.backup, engine.nextRun(), point);
  const beside = collections.find(({ name }) => name === 'logs')?.beside ?? '';
  const restored = await client
    .db('eld')
    .collection<{ _id: number }>(beside)
    .find({}, { sort: { _id: 1 } })
    .toArray();
  expect(restored.map(({ _id }) => _id)).toEqual(Array.from({ length: next }, (_, n) => n));
}, 180_000);

async function healthy(): Promise<number> {
  const status = await client.db('admin').command({ replSetGetStatus: 1 });
  const members: { state: number }[] = status['members'];
  return members.filter(({ state }) => state === 1 || state === 2).length;
}
