import { type Collection, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrError } from '#core';
import { vaultTail } from '#restore';
import type { Mongod } from '#sandbox/servers';
import { captureBench } from '../capture/capture-bench.ts';
import { randomChange } from '../capture/random-change.ts';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { cutHere, everythingIn, quietly, RUN, recoverDying, startOneMember, tailWorld } from './tail-ground.ts';

const DATABASES = ['first', 'second'];
const SEED = Number(process.env['TAIL_SEED'] ?? 1);

const { vault, stores } = memoryVault();
let source: Mongod;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  source = await startOneMember();
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await source.stop();
});

test('whatever was done after the cut is put back exactly, by workers that die at every change', async () => {
  const client = new MongoClient(source.uri);
  const randoms = DATABASES.map((name, index) => ({ db: client.db(name), random: seeded(SEED * 100 + index) }));
  const changes = async (count: number): Promise<void> => {
    for (const { db, random } of randoms) {
      for (let n = 0; n < count; n += 1) await randomChange(db, client, random);
      await swapValues(db.collection('pairs'), random);
    }
  };
  await changes(15);
  const bench = captureBench(source.uri, 'first', vault);
  bench.start({
    settings: {
      databases: { include: DATABASES, exclude: [] },
      durableRegions: 2,
      segmentMs: 50,
      lock: { mode: 'governance', days: 1 },
    },
  });
  await bench.caughtUp();
  const cut = await cutHere(source);
  await changes(40);
  const whole = await Promise.all(randoms.map(({ db }) => everythingIn(client, db)));
  const marked = await bench.caughtUp();
  await bench.stop();
  await client.close();

  // us-east-1 is lost with its bucket
  const [east] = stores;
  east?.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'us-east-1 is dead.'));
  const survivor = await cut.takeOver();
  stops.push(survivor.stop);
  const world = tailWorld(survivor.uri, vault, DATABASES);
  const tail = vaultTail(world);
  const looked = await tail.look(cut.survivor, 'itself');
  expect(looked).toMatchObject({ refused: undefined, reaches: { seconds: marked.seconds } });
  expect(looked.entries).toBeGreaterThan(100);
  await tail.save(RUN, 'itself');
  await tail.save(RUN, 'itself');

  expect(await recoverDying(world, cut.survivor)).toBeGreaterThan(5);
  const again = new MongoClient(survivor.uri);
  const found = await Promise.all(DATABASES.map((name) => everythingIn(again, again.db(name))));
  await again.close();
  for (const [index, expected] of whole.entries()) {
    const there = found[index] ?? new Map();
    there.delete('marks');
    expected.delete('marks');
    expect([...there.keys()]).toEqual([...expected.keys()]);
    for (const [name, made] of expected) expect(there.get(name), `${DATABASES[index]}.${name}`).toEqual(made);
  }
  const recovered = await tail.recover(RUN, cut.survivor, quietly);
  expect(recovered).toEqual({ applied: looked.entries, reaches: looked.reaches, leftOut: 0 });
}, 60_000);

/** A unique index under values that documents give to each other: no order but the true one takes them one by one. */
async function swapValues(
  pairs: Collection<{ _id: number; held?: number; n?: number }>,
  random: () => number,
): Promise<void> {
  await pairs.createIndex({ held: 1 }, { unique: true, sparse: true });
  await pairs.bulkWrite(
    [1, 2, 3].map((_id) => ({ updateOne: { filter: { _id }, update: { $set: { n: 1 } }, upsert: true } })),
  );
  for (let turn = 0; turn < 3; turn += 1) {
    await pairs.updateMany({}, { $unset: { held: '' }, $inc: { n: 1 } });
    for (const _id of [1, 2, 3]) await pairs.updateOne({ _id }, { $set: { held: ((_id + turn) % 3) + 1 } });
    await pairs.deleteOne({ _id: 1 });
    await pairs.insertOne({ _id: 1, held: 10 + Math.floor(random() * 1e6) });
  }
}
