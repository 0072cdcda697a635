import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { utc } from '#core';
import { compareOplogTimes } from '#ports';
import { s3For, until } from '#sandbox/servers';
import { archiveHours, listTimelines } from '#vault';
import { captureBench } from '../capture/capture-bench.ts';
import { never, openEngine, rawDocuments } from '../support/engine.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { openReaderBench, writtenDocuments } from './reader-bench.ts';

// each run of the reader is a process of its own
vi.setConfig({ testTimeout: 120_000 });

const database = ownName('captured');
let bench: Awaited<ReturnType<typeof openReaderBench>>;
let engine: Awaited<ReturnType<typeof openEngine>>;
let capture: ReturnType<typeof captureBench>;
beforeAll(async () => {
  bench = await openReaderBench();
  const uri = await sharedMongoUri();
  engine = await openEngine(uri, database, bench.vault, 'primary');
  capture = captureBench(uri, database, bench.vault);
});
afterAll(async () => {
  await capture.stop();
  await Promise.all([engine.close(), bench.close()]);
});

/** Waits for the second to end; returns it. What is written afterwards is not in it. */
async function endOfSecond(): Promise<Date> {
  const second = Math.floor(Date.now() / 1000);
  await until('the second is over', async () => Math.floor(Date.now() / 1000) > second, { everyMs: 10 });
  return new Date(second * 1000);
}

test('a second after the backup is restored from captured segments and from their archive, without Holdfast', async () => {
  const items = engine.db.collection<{ _id: number; n?: number; text?: string }>('items');
  await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3, n: 3 }]);
  capture.start();
  await capture.caughtUp();
  const session = engine.client.startSession();
  const long = engine.client.startSession();
  // large enough for several entries
  long.startTransaction();
  for (let n = 0; n < 6; n += 1)
    await items.insertOne({ _id: 100 + n, text: 'x'.repeat(3_000_000) }, { session: long });
  const { header } = await engine.backUp();
  await long.commitTransaction();
  await session.withTransaction(async () => {
    await items.updateOne({ _id: 1 }, { $set: { n: 1 } }, { session });
    await items.deleteOne({ _id: 2 }, { session });
  });
  await Promise.all([session.endSession(), long.endSession()]);
  await items.updateOne({ _id: 3 }, { $inc: { n: 1 } });
  const expected = (await rawDocuments(engine.client, database, 'items')).toSorted();
  const second = await endOfSecond();
  await items.insertOne({ _id: 999 });
  await engine.db.collection('__hf_R1_copy').insertOne({ restored: true });
  await capture.caughtUp();

  const restore = () => bench.restore(`${header.year}/${header.backup}`, '--to', utc(second).slice(0, 19));
  const fromSegments = await restore();
  expect(fromSegments).toMatchObject({ code: 0, err: '' });
  expect((await writtenDocuments(fromSegments.folder, database, 'items')).toSorted()).toEqual(expected);

  // what is lost before the backup costs nothing: the timeline goes on behind it
  const ranges = (await listTimelines(bench.vault)).timelines[0]?.ranges ?? [];
  const early = ranges.find(({ through }) => compareOplogTimes(through, header.window.end) <= 0);
  const s3 = s3For('us-west-2', bench.endpoint);
  const of = { Bucket: bench.bucket, Key: early?.key ?? '' };
  const { VersionId } = await s3.send(new DeleteObjectCommand(of));
  const behindHole = await restore();
  expect(behindHole).toMatchObject({ code: 0, err: '' });
  expect((await writtenDocuments(behindHole.folder, database, 'items')).toSorted()).toEqual(expected);
  await s3.send(new DeleteObjectCommand({ ...of, VersionId }));
  const late = ranges.find(({ from }) => compareOplogTimes(from, header.window.end) > 0);
  const marker = await s3.send(new DeleteObjectCommand({ ...of, Key: late?.key ?? '' }));
  expect(await restore()).toMatchObject({
    code: 1,
    err: expect.stringContaining('No timeline goes on from this backup'),
  });
  await s3.send(new DeleteObjectCommand({ ...of, Key: late?.key ?? '', VersionId: marker.VersionId }));
  s3.destroy();

  await engine.db.collection('__hf_R1_copy').rename('swapped');
  await capture.caughtUp();
  const lock = { mode: 'governance', until: new Date(Date.now() + 60_000) } as const;
  await archiveHours({ vault: bench.vault, lock, durableRegions: 2, signal: never() });
  const [timeline] = (await listTimelines(bench.vault)).timelines;
  expect(timeline?.ranges.every(({ kind }) => kind === 'archive')).toBe(true);
  const fromArchive = await restore();
  expect(fromArchive).toMatchObject({ code: 0, err: '' });
  expect((await writtenDocuments(fromArchive.folder, database, 'items')).toSorted()).toEqual(expected);

  const tooLate = await bench.restore(`${header.year}/${header.backup}`, '--to', '2099-01-01 00:00:00');
  expect(tooLate).toMatchObject({ code: 1, err: 'No timeline goes on from this backup and has all of that second.\n' });

  bench.gate.spoiled.add(encodeURI(timeline?.ranges[0]?.key ?? ''));
  const spoiled = await restore();
  expect(spoiled.code).toBe(1);
  expect(spoiled.err).toContain('does not decrypt');
});
