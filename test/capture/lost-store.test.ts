import { expect, test } from 'vitest';
import { readCaptureState } from '#capture';
import type { CapturedUntil } from '#restore';
import { until } from '#sandbox/servers';
import { listTimelines } from '#vault';
import { openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { captureBench } from './capture-bench.ts';

test('after the control store was lost, whose leases begin anew, what is captured is still reached by a restore', async ({
  onTestFinished,
}) => {
  const [uri, database] = [await sharedMongoUri(), ownName('lost-store')];
  const { vault } = memoryVault();
  const engine = await openEngine(uri, database, vault, 'primary');
  const before = captureBench(uri, database, vault);
  onTestFinished(() => engine.close());
  const items = engine.db.collection<{ _id: number }>('items');
  await items.insertOne({ _id: 0 });
  // the lease changes hands, so that the last holder's token is no longer the first
  for (let holder = 1; holder <= 2; holder += 1) {
    const stop = before.start();
    await until('it captures', async () => (await readCaptureState(before.store))?.token === holder);
    await items.insertOne({ _id: holder });
    await before.caughtUp();
    await stop();
  }
  const { header } = await engine.backUp();

  const after = captureBench(uri, database, vault);
  onTestFinished(() => after.stop());
  after.start();
  await until('it captures again', async () => (await readCaptureState(after.store)) !== undefined);
  await items.insertOne({ _id: 3 });
  const through = await after.caughtUp();

  const { timelines } = await listTimelines(vault);
  expect(timelines.map(({ number }) => number)).toEqual([1]);
  const point: CapturedUntil = {
    timeline: 1,
    before: { ...through, increment: through.increment + 1 },
    reached: through,
  };
  const { collections } = await engine.restore(header.backup, engine.nextRun(), point);
  const beside = collections.find(({ name }) => name === 'items')?.beside ?? '';
  expect(await engine.db.collection(beside).countDocuments()).toBe(4);
}, 60_000);
