import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RestoredBeside, restoreBeside } from '#restore';
import { giveNames, takeNamesBack } from '../../src/restore/give-names.ts';
import { during } from '../support/during.ts';
import { described, never, openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('series');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault, 'primary');
});
afterAll(() => engine.close());

const START = Date.UTC(2026, 10, 29);
const measure = (from: number, count: number) =>
  engine.db.collection('readings').insertMany(
    Array.from({ length: count }, (_, n) => ({
      t: new Date(START + (from + n) * 1000),
      sensor: { name: `s${n % 3}` },
      value: n % 9 === 0 ? null : (from + n) * 1.5,
      ...(n % 4 === 0 ? { note: 'n'.repeat(n % 40) } : {}),
    })),
  );

const buckets = async (name: string): Promise<string[]> =>
  (await rawDocuments(engine.client, database, `system.buckets.${name}`)).toSorted();
const measured = async (name: string): Promise<string[]> =>
  (
    await engine.db
      .collection(name)
      .find({}, { sort: { t: 1, _id: 1 } })
      .toArray()
  ).map((each) => JSON.stringify(each));
const made = (name: string) => described(engine.client, database, `system.buckets.${name}`);

/** Buckets that are open, closed and compressed, one of another size after a change of granularity, and an index. */
async function fill(): Promise<void> {
  const timeseries = { timeField: 't', metaField: 'sensor', granularity: 'seconds' } as const;
  await engine.db.createCollection('readings', { timeseries, expireAfterSeconds: 1e9 });
  await engine.db.collection('readings').createIndex({ 'sensor.name': 1, t: -1 }, { name: 'by_sensor' });
  await measure(0, 3_500);
}

async function meanwhile(): Promise<void> {
  await measure(3_500, 400);
  await engine.db.collection('readings').deleteMany({ 'sensor.name': 's1' });
  await engine.db.collection('readings').updateMany({ 'sensor.name': 's2' }, { $set: { 'sensor.moved': true } });
  await engine.db.command({ collMod: 'readings', timeseries: { granularity: 'minutes' } });
  await engine.db.command({ collMod: 'readings', expireAfterSeconds: 'off' });
  await engine.db.collection('readings').createIndex({ value: 1 }, { name: 'by_value' });
  await measure(100_000, 50);
  await engine.db.createCollection('late', { timeseries: { timeField: 't' } });
  await engine.db.collection('late').insertOne({ t: new Date(START), value: 1 });
}

test('a time-series collection comes back bucket by bucket, with what was written and changed while it was read', async () => {
  await fill();
  const source = during(engine.source, meanwhile, () => measure(200_000, 30).then(() => undefined));
  const { header } = await engine.backUp({ source });
  const [was, wasLate, wasMade, wasMeasured] = [
    await buckets('readings'),
    await buckets('late'),
    await made('readings'),
    await measured('readings'),
  ];
  await measure(300_000, 100); // after the window: must not be there

  const run = engine.nextRun();
  const { collections, refused } = await engine.restore(header.backup, run);
  expect(refused).toEqual([]);
  expect(collections.map(({ name, timeSeries }) => [name, timeSeries])).toEqual([
    ['late', true],
    ['readings', true],
  ]);
  const [late, readings] = collections.map(({ beside }) => beside);
  expect(await buckets(readings ?? '')).toEqual(was);
  expect(await buckets(late ?? '')).toEqual(wasLate);
  expect(await measured(readings ?? '')).toEqual(wasMeasured);
  expect(await made(readings ?? '')).toEqual(wasMade);
  const verified = await engine.verify(header.backup, run);
  expect(verified.collections.map(({ namespace, differences }) => [namespace, differences])).toEqual([
    [`${database}.late`, []],
    [`${database}.readings`, []],
  ]);

  // what stands beside is no part of the next backup, neither its buckets nor its view
  const again = await engine.backUpChanges(await engine.backUp());
  expect(again.body.collections.map(({ name }) => name).sort()).toEqual([
    'system.buckets.late',
    'system.buckets.readings',
  ]);
  const after = await engine.restore(again.header.backup, engine.nextRun());
  expect(after.collections.map(({ name }) => name)).toEqual(['late', 'readings']);
  await engine.db.dropDatabase();
}, 60_000);

test('a half restored one has no name, and is made again', async () => {
  await fill();
  const { header } = await engine.backUp();
  const run = engine.nextRun();
  const target: typeof engine.target = {
    ...engine.target,
    createIndexes: async () => {
      throw new Error('killed');
    },
  };
  const options = { vault, point: { backupId: header.backup }, runId: run, signal: never() };
  await expect(restoreBeside({ ...options, target })).rejects.toThrow('killed');
  const there = await engine.target.collections(database);
  expect(there.map(({ name }) => name).filter((name) => name.includes('__hf_'))).toEqual([
    `system.buckets.__hf_${run.replace('-', '')}_readings`,
  ]);
  await restoreBeside({ ...options, target: engine.target });
  expect((await engine.verify(header.backup, run)).equal).toBe(true);
  await engine.db.dropDatabase();
}, 60_000);

test('under a new name it is a copy that is compared first; wherever it stops it goes on, or is put back', async () => {
  await fill();
  const { header } = await engine.backUp();
  const naming = { names: [{ from: `${database}.readings`, to: `${database}.copy` }] };
  const options = { vault, point: { backupId: header.backup }, naming, signal: never() };
  const restored = (): Promise<RestoredBeside> =>
    restoreBeside({ ...options, target: engine.target, runId: engine.nextRun() });
  const was = await buckets('readings');
  const names = async (): Promise<string[]> =>
    (await engine.target.collections(database))
      .map(({ name }) => name)
      .filter((name) => name !== 'system.views')
      .sort();

  const { collections } = await restored();
  const WAYS = ['insert', 'create', 'drop'] as const;
  for (const way of WAYS) {
    const target: typeof engine.target = {
      ...engine.target,
      [way]: async (...args: never[]) => {
        const [at] = args as unknown as [{ name: string }];
        if (way !== 'create' || at.name === 'copy') throw new Error(`killed at ${way}`);
        return (engine.target.create as (...all: never[]) => Promise<void>)(...args);
      },
    };
    await expect(giveNames(target, collections)).rejects.toThrow(`killed at ${way}`);
  }
  await giveNames(engine.target, collections);
  await giveNames(engine.target, collections);
  expect(await buckets('copy')).toEqual(was);
  expect(await measured('copy')).toEqual(await measured('readings'));
  expect(await names()).toEqual(['copy', 'readings', 'system.buckets.copy', 'system.buckets.readings']);
  await takeNamesBack(engine.target, collections);
  await takeNamesBack(engine.target, collections);
  expect(await names()).toEqual(
    [
      'readings',
      'system.buckets.readings',
      ...collections.flatMap(({ beside }) => [beside, `system.buckets.${beside}`]),
    ].sort(),
  );
  await engine.db.dropCollection(collections[0]?.beside ?? '');

  // somebody else's, whatever of it there is, is left alone
  await engine.db.createCollection('copy', { timeseries: { timeField: 't' } });
  await expect(restored()).rejects.toMatchObject({ code: 'TARGET_EXISTS' });
  await engine.db.dropCollection('copy');
  const late = await restored();
  await engine.db.createCollection('copy', { timeseries: { timeField: 't' } });
  await expect(giveNames(engine.target, late.collections)).rejects.toMatchObject({ code: 'TARGET_EXISTS' });
  expect(await engine.db.collection('copy').countDocuments()).toBe(0);
  await engine.db.dropDatabase();
}, 60_000);
