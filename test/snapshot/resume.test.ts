import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSnapshotSource } from '#adapters/mongodb';
import { DrError } from '#core';
import type { ReadRange, SnapshotSource } from '#ports';
import type { SnapshotOptions } from '#snapshot';
import type { Manifest } from '#vault';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { dyingAt } from '../support/dying-vault.ts';
import { openEngine, rawDocuments } from '../support/engine.ts';
import { memoryVault, nextBackupId } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { runChainModel } from './chain-model.ts';

let uri: string;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  uri = await sharedMongoUri();
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

/** Documents of a reply: as few as make many of them. */
const BATCH = 1_000;
const DOCUMENTS = 10 * BATCH;
/** Each batch of documents a segment, each segment a checkpoint. */
const OFTEN = { checkpointEveryMs: 0, segmentBytes: 20_000 };

async function open(options: { clustered?: boolean } = {}) {
  const { vault, stores } = memoryVault();
  const database = ownName('resume');
  const engine = await openEngine(uri, database, vault, 'primary');
  const source = await openSnapshotSource({ uri, prefer: 'primary', batchDocuments: BATCH });
  opened.push(engine, source);
  const { db } = engine;
  if (options.clustered) {
    await db.createCollection('logs', { clusteredIndex: { key: { _id: 1 }, unique: true } });
  }
  const logs = db.collection<{ _id: number; v: number; pad?: Buffer }>('logs');
  const some = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ _id: from + n, v: 1 }));
  await logs.insertMany(some(0, DOCUMENTS));
  await db.collection('small').insertMany([{ a: 1 }, { a: 2 }]);
  const backupId = nextBackupId();
  const backUp = (more: Partial<SnapshotOptions>) => engine.backUp({ ...OFTEN, source, backupId, ...more });
  /** What of the restored collections differs from the live ones, which nobody wrote to since the backup. */
  const differences = async (manifest: Manifest): Promise<string[]> => {
    const run = engine.nextRun();
    const { collections } = await engine.restore(manifest.header.backup, run);
    const wrong: string[] = [];
    for (const { name, beside } of collections) {
      const restored = (await rawDocuments(engine.client, database, beside)).toSorted();
      const live = (await rawDocuments(engine.client, database, name)).toSorted();
      if (restored.join() !== live.join()) wrong.push(`${name}: ${restored.length} documents, live ${live.length}`);
    }
    const verified = await engine.verify(manifest.header.backup, run);
    return [...wrong, ...verified.collections.flatMap((each) => each.differences)];
  };
  return { engine, source, vault, stores, db, logs, some, backUp, differences };
}

/** Counts the batches of a collection, and ends in the middle of it where asked for. */
function watched(source: SnapshotSource, name: string, diesAfter = Number.POSITIVE_INFINITY) {
  const seen = { batches: 0, ranges: [] as ReadRange[] };
  const watching: SnapshotSource = {
    ...source,
    async *read(collection, range, since, signal) {
      const mine = collection.name === name;
      if (mine) seen.ranges.push(range);
      for await (const batch of source.read(collection, range, since, signal)) {
        if (mine && seen.batches >= diesAfter) throw new DrError('UNEXPECTED', 'bug', 'the process is gone');
        if (mine) seen.batches += 1;
        yield batch;
      }
    },
  };
  return { source: watching, seen };
}

/** One reader, so that what was handed on before the death is in the bucket. */
const ONE = { readers: 1 };

test.each([
  ['in storage order', {}],
  ['in the order of a clustered collection', { clustered: true }],
])(
  'a backup that died is gone on with where it was, %s, also after changes on both sides of it',
  async (_, options) => {
    const { source, db, logs, some, backUp, differences } = await open(options);
    const first = watched(source, 'logs', 6);
    await expect(backUp({ ...ONE, source: first.source })).rejects.toThrow('the process is gone');
    await logs.updateMany({ _id: { $in: [5, 5_500, 9_999] } }, { $set: { v: 2 } });
    await logs.deleteMany({ _id: { $in: [7, 7_777] } });
    await logs.insertMany(some(DOCUMENTS, 10));
    await db.collection('small').drop();
    await db.collection('later').insertOne({ b: 1 });
    const second = watched(source, 'logs');
    const manifest = await backUp({ ...ONE, source: second.source });
    expect(second.seen.ranges).toEqual([{ kind: 'all', behind: expect.any(Buffer) }]);
    // the last segment or two of the dead one may not have been in a checkpoint
    expect(second.seen.batches).toBeLessThanOrEqual(7);
    expect(second.seen.batches).toBeGreaterThanOrEqual(4);
    expect(await differences(manifest)).toEqual([]);
  },
  60_000,
);

test('read by another member, a collection begins anew: what one member calls a record is no other one’s', async () => {
  const { source, backUp, differences } = await open();
  await backUp({ ...ONE, source: watched(source, 'logs', 6).source }).catch(() => undefined);
  const other = watched({ ...source, member: 'another:27017' }, 'logs');
  const manifest = await backUp({ ...ONE, source: other.source });
  expect(other.seen.ranges).toEqual([{ kind: 'all' }]);
  expect(await differences(manifest)).toEqual([]);
}, 60_000);

test('when the record it stopped at is gone, the collection begins anew', async () => {
  const { source, logs, backUp, differences } = await open();
  await backUp({ ...ONE, source: watched(source, 'logs', 6).source }).catch(() => undefined);
  await logs.deleteMany({ _id: { $gte: 2_000, $lt: 7_000 } });
  const second = watched(source, 'logs');
  const manifest = await backUp({ ...ONE, source: second.source });
  expect(second.seen.ranges).toEqual([{ kind: 'all', behind: expect.any(Buffer) }, { kind: 'all' }]);
  expect(await differences(manifest)).toEqual([]);
}, 60_000);

test('ranges of a large collection are gone on with each by its own _id', async () => {
  const { source, logs, backUp, differences } = await open();
  const pad = randomBytes(7_000);
  await logs.updateMany({}, { $set: { pad } });
  const two = { readers: 2 };
  const first = watched(source, 'logs', 6);
  await backUp({ ...two, source: first.source }).catch(() => undefined);
  expect(first.seen.ranges).toHaveLength(2);
  await logs.deleteMany({ _id: { $in: [999, 1_999, 2_999, 5_000, 5_999] } });
  await logs.updateMany({ _id: { $gte: 4_000, $lt: 4_010 } }, { $set: { v: 3 } });
  const second = watched(source, 'logs');
  const manifest = await backUp({ ...two, source: second.source });
  expect(second.seen.ranges.some((range) => range.kind === 'ids' && range.behind)).toBe(true);
  expect(second.seen.batches).toBeLessThan(10);
  expect(await differences(manifest)).toEqual([]);
}, 120_000);

test('asked for otherwise, or with an object missing, it begins anew', async () => {
  const { source, stores, backUp, differences } = await open();
  const die = () => backUp({ ...ONE, source: watched(source, 'logs', 6).source }).catch(() => undefined);
  await die();
  const otherwise = watched(source, 'logs', 8);
  await backUp({ ...ONE, source: otherwise.source, lock: { mode: 'governance', days: 2 } }).catch(() => undefined);
  expect(otherwise.seen.ranges).toEqual([{ kind: 'all' }]);
  const [home] = stores;
  for (const key of home?.keys() ?? []) if (key.endsWith('/documents-000001')) home?.erase(key);
  const second = watched(source, 'logs');
  const manifest = await backUp({ ...ONE, source: second.source, lock: { mode: 'governance', days: 2 } });
  expect(second.seen.ranges).toEqual([{ kind: 'all' }]);
  expect(await differences(manifest)).toEqual([]);
}, 60_000);

test('killed at any call to a bucket or key service, again and again, it becomes one backup that is as the source', async () => {
  const { vault, logs, db, backUp, differences } = await open();
  let round = 0;
  for (const call of [3, 14, 25, 38, 46]) {
    round += 1;
    const dying = dyingAt(vault, call, round % 2 === 0 ? 'before' : 'after');
    await backUp({ vault: dying.vault }).catch(() => undefined);
    if (!dying.died()) break;
    await logs.updateMany({ _id: { $gte: round * 1_000, $lt: round * 1_000 + 50 } }, { $set: { v: round } });
    await db.collection(`made-${round}`).insertOne({ round });
    if (round > 2) await db.collection(`made-${round - 2}`).rename(`renamed-${round}`);
  }
  expect(round).toBeGreaterThan(3);
  expect(await differences(await backUp({}))).toEqual([]);
}, 120_000);

// Long: npm run soak -- chain
test('killed while everything changes, a chain restores what was seen at random moments after each backup', async () => {
  const seed = 20_261_129;
  const model = { uri, database: ownName('killed'), random: seeded(seed), links: 1, points: 1, deaths: 2 };
  const { wrong, died } = await runChainModel(model);
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect(died).toBeGreaterThan(0);
}, 120_000);
