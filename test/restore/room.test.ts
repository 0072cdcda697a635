import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSettableClock } from '#adapters/memory';
import { asDrError, DrError, type Text } from '#core';
import type { DiskRoom } from '#ports';
import { restoreBeside, restoreWorkflow, waitForRoom } from '#restore';
import type { Manifest } from '#vault';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runBench } from './run-bench.ts';

const database = ownName('room');
const { vault } = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let backup: Manifest;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
  const text = 'x'.repeat(1024 * 1024);
  await engine.db.collection('large').insertMany(Array.from({ length: 80 }, (_, n) => ({ n, text })));
  await engine.db.collection('large').createIndex({ n: 1 });
  await engine.db.collection('small').insertMany([{ n: 1 }]);
  backup = await engine.backUp();
}, 60_000);
afterAll(() => engine.close());

const GB = 1e9;
const ours = async (): Promise<string[]> =>
  (await engine.db.listCollections({}, { nameOnly: true }).toArray())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('__hf_'));

/** Restores onto disks that are said to be as full as that, one answer a look, the last for ever. */
async function on(...looks: (readonly [free: number, total: number])[]) {
  const answers = [...looks];
  let asked = 0;
  let done = false;
  const inserting: Promise<unknown>[] = [];
  const dropped = Promise.withResolvers<void>();
  const room = async (): Promise<DiskRoom[]> => {
    asked += 1;
    done = answers.length === 1;
    const [freeBytes, totalBytes] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [0, 0];
    return totalBytes === 0 ? [] : [{ member: 'eld-2', freeBytes, totalBytes }];
  };
  // slow ones: whoever drops the collection without waiting for them finds it made again
  const insert: typeof engine.target.insert = (...args) => {
    const inserted = Promise.race([dropped.promise, sleep(100)]).then(() => engine.target.insert(...args));
    inserting.push(inserted.catch(() => undefined));
    return inserted;
  };
  const drop: typeof engine.target.drop = async (at) => {
    await engine.target.drop(at);
    if (done) dropped.resolve();
  };
  const options = { vault, point: { backupId: backup.header.backup }, runId: engine.nextRun(), signal: never() };
  const target = { ...engine.target, room, insert, drop };
  const error = await restoreBeside({ ...options, target }).then(() => undefined, asDrError);
  await Promise.all(inserting);
  return { error, asked, left: await ours() };
}

test('a server says how much room it has, for a database that exists', async () => {
  const [room] = await engine.target.room(['nowhere-at-all', database]);
  expect(room?.member).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(room?.totalBytes).toBeGreaterThan(GB);
  expect(room?.freeBytes).toBeGreaterThan(0);
  expect(room?.freeBytes).toBeLessThan(room?.totalBytes ?? 0);
  expect(await engine.target.room(['nowhere-at-all'])).toEqual([]);
});

test('what will not fit is not begun, with the member, the figures and what to do', async () => {
  const { error, left } = await on([0.54 * GB, 10 * GB]);
  expect([error?.code, error?.kind]).toEqual(['DISK_FULL', 'transient']);
  expect(error?.message).toBe(
    'eld-2 has 540 MB free of 10 GB; 500 MB stay free for what is live and 50 MB for what comes next.',
  );
  expect(error?.hint).toContain('choose less with --only');
  expect(left).toEqual([]);
});

test('disks are looked at while it is written, and what was half there goes at once', async () => {
  const plenty = [5 * GB, 10 * GB] as const;
  const begun = await on(plenty, [0.4 * GB, 10 * GB]);
  expect([begun.error?.code, begun.asked, begun.left]).toEqual(['DISK_FULL', 2, []]);
  expect(begun.error?.message).toBe('eld-2 has 400 MB free of 10 GB; 500 MB stay free for what is live.');
  // all documents are there, and the indexes would not fit
  const loaded = await on(plenty, plenty, plenty, [0.4 * GB, 10 * GB]);
  expect([loaded.error?.code, loaded.asked, loaded.left]).toEqual(['DISK_FULL', 4, []]);
});

test('of a small disk more than its share stays free, because what is written reaches it late', async () => {
  const { error } = await on([0.55 * GB, 2 * GB]);
  expect(error?.message).toContain('500 MB stay free for what is live');
});

test('servers that do not say, and disks so large that 5 GB is enough, are written to', async () => {
  const silent = await on([0, 0]);
  expect(silent.error).toBeUndefined();
  for (const name of silent.left) await engine.db.collection(name).drop();
  const vast = await on([6 * GB, 1_000 * GB]);
  expect(vast.error).toBeUndefined();
  expect(vast.left).toHaveLength(2);
  for (const name of vast.left) await engine.db.collection(name).drop();
});

test('a run waits until there is room, says so, and goes on with what it has', async () => {
  const run = engine.nextRun();
  let looks = 0;
  let inserts = 0;
  const through = {
    ...engine.target,
    // full in the middle of the large one, then room again
    room: async (): Promise<DiskRoom[]> => {
      looks += 1;
      return [{ member: 'eld-2', freeBytes: [2, 3].includes(looks) ? 0.1 * GB : 5 * GB, totalBytes: 10 * GB }];
    },
    insert: async (...args: Parameters<typeof engine.target.insert>) => {
      inserts += 1;
      return engine.target.insert(...args);
    },
  };
  const bench = runBench(vault, through);
  await bench.restore(run, { backupId: backup.header.backup, databases: [database] });
  const done = await bench.carry(restoreWorkflow, run, { through });
  expect([done?.state, done?.failure]).toEqual(['done', undefined]);
  expect(looks).toBeGreaterThan(4);
  expect(inserts).toBeGreaterThan(80 / 8);
  for (const name of await ours()) await engine.db.collection(name).drop();
});

const full = (): Promise<never> =>
  Promise.reject(new DrError('DISK_FULL', 'transient', 'No room.', { hint: 'Make some.' }));

test('waiting ends with the work, with an hour, or when somebody stops it', async () => {
  const clock = createSettableClock(new Date(0));
  const told: Text[] = [];
  const report = ({ text }: { readonly text: Text }): void => void told.push(text);
  let tries = 0;
  const waiting = waitForRoom({ clock, signal: never(), report }, async () => {
    tries += 1;
    return tries < 4 ? full() : 'done';
  });
  for (let wait = 0; wait < 3; wait += 1) await clock.advance(15_000);
  expect(await waiting).toBe('done');
  expect(told).toHaveLength(3);
  expect(told[0]).toEqual(['WAITS for room. No room. Make some. It goes on by itself.']);

  const never_ = waitForRoom({ clock, signal: never(), report }, full).catch(asDrError);
  for (let wait = 0; wait < 241; wait += 1) await clock.advance(15_000);
  const given = await never_;
  expect([given.code, given.kind, given.message]).toEqual([
    'DISK_FULL',
    'permanent',
    'No room was made in 1 h. No room.',
  ]);

  const stop = new AbortController();
  const stopped = waitForRoom({ clock, signal: stop.signal, report }, full).catch(String);
  await clock.advance(15_000);
  stop.abort(new Error('stopped'));
  expect(await stopped).toContain('stopped');

  const other = new DrError('NOT_REPLAYABLE', 'permanent', 'x');
  await expect(waitForRoom({ clock, signal: never(), report }, () => Promise.reject(other))).rejects.toBe(other);
});
