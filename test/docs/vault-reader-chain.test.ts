import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { manifestKey } from '#vault';
import { during } from '../support/during.ts';
import { openEngine, rawDocuments } from '../support/engine.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { openReaderBench, writtenDocuments, writtenFiles } from './reader-bench.ts';

// each run of the reader is a process of its own
vi.setConfig({ testTimeout: 120_000 });

const database = ownName('links');
let bench: Awaited<ReturnType<typeof openReaderBench>>;
let engine: Awaited<ReturnType<typeof openEngine>>;
beforeAll(async () => {
  bench = await openReaderBench();
  engine = await openEngine(await sharedMongoUri(), database, bench.vault, 'primary');
});
afterAll(() => Promise.all([engine.close(), bench.close()]));

test('backups of changes are put together by the reader as they were, without Holdfast', async () => {
  const items = engine.db.collection<{ _id: number; v?: number }>('items');
  const names = await engine.db.createCollection('names', { collation: { locale: 'en', strength: 2 } });
  const ring = await engine.db.createCollection('ring', { capped: true, size: 4096, max: 3 });
  await items.insertMany(Array.from({ length: 60 }, (_, _id) => ({ _id })));
  await names.insertMany(['ada', 'bob'].map((_id) => ({ _id: _id as never })));
  await ring.insertMany([1, 2, 3].map((_id) => ({ _id: _id as never })));
  await engine.db.collection('drops').insertOne({ v: 1 });
  const full = await engine.backUp();

  const never = { wholeFrom: Number.POSITIVE_INFINITY };
  await items.updateMany({ _id: { $lt: 10 } }, { $set: { v: 1 } });
  await items.deleteMany({ _id: { $gte: 50 } });
  await names.deleteOne({ _id: 'ada' as never });
  await names.insertOne({ _id: 'ADA' as never });
  await engine.db.dropCollection('drops');
  const first = await engine.backUpChanges(full, never);
  await items.insertOne({ _id: 55, v: 2 });
  await items.deleteOne({ _id: 3 });
  await ring.insertOne({ _id: 4 as never });
  await engine.db.collection('made').insertOne({ _id: 1 as never });
  const second = await engine.backUpChanges(first, {
    ...never,
    // written to while it is read: the replay has the last word
    source: during(
      engine.source,
      async () => void (await items.updateOne({ _id: 55 }, { $set: { v: 3 } })),
      async () => void (await items.deleteOne({ _id: 4 })),
    ),
  });
  expect(second.body.collections.find(({ name }) => name === 'items')).toHaveProperty('gone');

  const { year, backup } = second.header;
  const restored = await bench.restore(`${year}/${backup}`);
  expect(restored).toMatchObject({ code: 0, err: '' });
  for (const name of ['items', 'names', 'made']) {
    const live = (await rawDocuments(engine.client, database, name)).toSorted();
    expect((await writtenDocuments(restored.folder, database, name)).toSorted(), name).toEqual(live);
  }
  const order = await rawDocuments(engine.client, database, 'ring');
  expect(await writtenDocuments(restored.folder, database, 'ring')).toEqual(order);
  expect(await writtenFiles(restored.folder, database)).not.toContain('drops.bson');
  expect((await bench.read('list')).out).toContain(` ${year}/${first.header.backup} `);

  bench.gate.spoiled.add(encodeURI(manifestKey(full.header)));
  const spoiled = await bench.restore(`${year}/${backup}`);
  expect(spoiled.code).toBe(1);
  expect(spoiled.err).toContain(`manifests/${year}/${full.header.backup} does not decrypt`);
});
