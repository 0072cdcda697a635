import { beforeAll, expect, type TestContext, test } from 'vitest';
import { openOplogSource } from '#adapters/mongodb';
import { readCaptureState } from '#capture';
import { DrError } from '#core';
import type { CapturedUntil } from '#restore';
import { until } from '#sandbox/servers';
import { listTimelines } from '#vault';
import { openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { captureBench } from './capture-bench.ts';

let uri = '';
beforeAll(async () => {
  uri = await sharedMongoUri();
});

/** A database, a vault and capture of one test's own; taken down when the test ends. */
async function setUp(purpose: string, { onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const database = ownName(purpose);
  const memory = memoryVault();
  const engine = await openEngine(uri, database, memory.vault, 'primary');
  const bench = captureBench(uri, database, memory.vault);
  onTestFinished(async () => {
    await bench.stop();
    await engine.close();
  });
  const items = engine.db.collection<{ _id: number }>('items');
  await items.insertOne({ _id: 0 });
  return { ...memory, database, engine, bench, items };
}

// The tests wait for leases and retries side by side; each has a database of its own.
const dead = (): DrError => new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The region does not answer.');

type SetUp = Awaited<ReturnType<typeof setUp>>;

/** Everything that was captured on the newest timeline, restored: how many documents `items` has then. */
async function restoredItems(
  { engine, vault }: SetUp,
  backup: Parameters<SetUp['engine']['restore']>[0],
): Promise<number> {
  const newest = (await listTimelines(vault)).timelines.at(-1);
  if (!newest) return -1;
  const { number, through } = newest;
  const point: CapturedUntil = {
    timeline: number,
    before: { ...through, increment: through.increment + 1 },
    reached: through,
  };
  const { collections } = await engine.restore(backup, engine.nextRun(), point);
  const beside = collections.find(({ name }) => name === 'items')?.beside ?? '';
  return engine.db.collection(beside).countDocuments();
}

test.concurrent('while fewer than two regions take segments it pauses and says why, then catches up and skips nothing', async (context) => {
  const world = await setUp('outage', context);
  const { bench, stores, items, engine } = world;
  bench.start();
  await bench.caughtUp();
  const { header } = await engine.backUp();
  for (const store of stores.slice(1)) store.failWith(dead());
  await items.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: n + 1 })));
  await until('it says that it is paused', async () => bench.events.some(({ kind }) => kind === 'paused'));
  await until('its state says so too', async () => (await readCaptureState(bench.store))?.trouble?.includes('1 of 2'));
  await items.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: n + 201 })));
  for (const store of stores) store.failWith(undefined);
  await bench.caughtUp();
  expect(await restoredItems(world, header.backup)).toBe(201);
  expect((await listTimelines(world.vault)).timelines).toHaveLength(1);
  await until('its state is well again', async () => (await readCaptureState(bench.store))?.trouble === undefined);
}, 60_000);

test.concurrent('one dead region delays nothing, and gets what it missed', async (context) => {
  const world = await setUp('region', context);
  const { bench, stores, items, engine } = world;
  bench.start();
  await bench.caughtUp();
  const { header } = await engine.backUp();
  stores[0]?.failWith(dead());
  await items.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n + 1 })));
  await bench.caughtUp();
  expect(await restoredItems(world, header.backup)).toBe(51);
  expect(bench.events.some(({ kind }) => kind === 'paused')).toBe(false);
}, 60_000);

test.concurrent('whoever captures dies: another goes on within ten seconds, without a gap', async (context) => {
  const world = await setUp('takeover', context);
  const { bench, items, engine } = world;
  const first = bench.start();
  await bench.caughtUp();
  const { header } = await engine.backUp();
  bench.start();
  await items.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n + 1 })));
  bench.cutOff('capture-1');
  const diedAt = performance.now();
  await items.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n + 101 })));
  await until('the second captures', async () => (await readCaptureState(bench.store))?.holder === 'capture-2');
  expect(performance.now() - diedAt).toBeLessThan(10_500);
  await bench.caughtUp();
  const { timelines } = await listTimelines(world.vault);
  expect(timelines).toHaveLength(1);
  // the second may have captured all of the first's anew: where the first stood is written down once a second
  expect(timelines[0]?.ranges.at(-1)?.token).toBe(2);
  expect(await restoredItems(world, header.backup)).toBe(101);
  await first();
}, 60_000);

test.concurrent('two that capture at once, each believing to be the one, leave one unbroken history', async (context) => {
  const world = await setUp('twice', context);
  const { bench, items, engine } = world;
  bench.start();
  await bench.caughtUp();
  const { header } = await engine.backUp();
  bench.cutOff('capture-1', { keepsWriting: true });
  bench.start();
  for (let n = 0; n < 30; n += 1) await items.insertOne({ _id: n + 1 });
  await until('both have written', async () => {
    const keys = world.stores[0]?.keys().filter((key) => key.startsWith('capture/')) ?? [];
    return keys.some((key) => key.endsWith('-000002'));
  });
  for (let n = 30; n < 60; n += 1) await items.insertOne({ _id: n + 1 });
  await bench.caughtUp();
  expect(await restoredItems(world, header.backup)).toBe(61);
  expect((await listTimelines(world.vault)).timelines).toHaveLength(1);
}, 60_000);

test.concurrent('where the oplog no longer reaches back a new timeline begins, and says so', async (context) => {
  const world = await setUp('gap', context);
  const { bench, items, engine, vault } = world;
  let opened = 0;
  const stop = bench.start();
  await bench.caughtUp();
  await stop();
  bench.start({
    openOplog: async () => {
      const source = await openOplogSource({ uri, prefer: 'primary' });
      opened += 1;
      if (opened > 1) return source;
      const follow: typeof source.follow = (_from, signal) => source.follow({ seconds: 1, increment: 1 }, signal);
      return { ...source, follow };
    },
  });
  await until('a timeline begins', async () =>
    bench.events.some(({ kind }) => kind === 'timeline-begins' && opened > 1),
  );
  await items.insertOne({ _id: 1 });
  await bench.caughtUp();
  const { timelines } = await listTimelines(vault);
  expect(timelines.map(({ number }) => number)).toEqual([1, 2]);
  expect(bench.events.at(-1)).toMatchObject({ kind: 'timeline-begins', timeline: 2, begins: { reason: 'gap' } });
  const { header } = await engine.backUp();
  await items.insertOne({ _id: 2 });
  await bench.caughtUp();
  expect(await restoredItems(world, header.backup)).toBe(3);
}, 60_000);

const DAMAGES = [
  {
    how: 'flipped',
    damage: (body: Buffer) => Buffer.from(body.map((byte, at) => (at === body.length - 20 ? byte ^ 1 : byte))),
  },
  { how: 'cut short', damage: (body: Buffer) => body.subarray(0, body.length - 5) },
  { how: 'emptied', damage: () => Buffer.alloc(0) },
];

for (const { how, damage } of DAMAGES) {
  test.concurrent(`a segment that is ${how} in one region is read from another; in all, the restore stops`, async (context) => {
    const world = await setUp('damage', context);
    const { bench, items, engine, stores, vault } = world;
    bench.start();
    await bench.caughtUp();
    const { header } = await engine.backUp();
    await items.insertMany(Array.from({ length: 10 }, (_, n) => ({ _id: n + 1 })));
    await bench.caughtUp();
    await bench.stop();
    const key = (await listTimelines(vault)).timelines[0]?.ranges.at(-1)?.key ?? '';
    stores[0]?.tamper(key, damage);
    expect(await restoredItems(world, header.backup)).toBe(11);
    for (const store of stores.slice(1)) store.tamper(key, damage);
    await expect(restoredItems(world, header.backup)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  }, 60_000);
}

test.concurrent('a segment in the place of another is not taken for it', async (context) => {
  const world = await setUp('swapped', context);
  const { bench, items, engine, stores, vault } = world;
  bench.start();
  await bench.caughtUp();
  const { header } = await engine.backUp();
  await items.insertOne({ _id: 1 });
  await bench.caughtUp();
  await items.insertOne({ _id: 2 });
  await bench.caughtUp();
  await bench.stop();
  const [other, last] = (await listTimelines(vault)).timelines[0]?.ranges.slice(-2) ?? [];
  for (const store of stores) {
    const bytes = await store.get(other?.key ?? '');
    store.tamper(last?.key ?? '', () => bytes);
  }
  await expect(restoredItems(world, header.backup)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
}, 60_000);
