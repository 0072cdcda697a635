import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { DrError } from '#core';
import { compareOplogTimes } from '#ports';
import { captureBench } from '../capture/capture-bench.ts';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { compareAt } from './compare.ts';
import { keepLedger } from './ledger.ts';
import { lookAt, type Seen } from './look.ts';
import { runWorkload } from './workload/run-workload.ts';

// Long, with processes that are killed, elections and regions that go away: npm run soak -- model
test('whatever goes on, what is restored is what the server itself says was there at that very moment', async ({
  onTestFinished,
}) => {
  const seed = 20_261_129;
  const random = seeded(seed);
  const uri = await sharedMongoUri();
  const databases = [ownName('model'), ownName('other')] as const;
  const { vault, stores } = memoryVault();
  const client = new MongoClient(uri);
  const scope = { include: [...databases], exclude: [] };
  const engine = await openEngine(uri, databases[0], vault, 'primary');
  const bench = captureBench(uri, databases[0], vault);
  const workload = runWorkload(
    { client, databases, random, insertRaw: engine.target.insert, large: false },
    { writers: 2, pauseMs: 5 },
  );
  const ledger = keepLedger(client, databases[0]);
  onTestFinished(async () => {
    await Promise.all([workload.stop(), ledger.stop(), bench.stop()]);
    await client.db(databases[1]).dropDatabase();
    await Promise.all([client.close(), engine.close()]);
  });
  const settings = {
    databases: scope,
    durableRegions: 2,
    segmentMs: 50,
    lock: { mode: 'governance', days: 1 },
  } as const;
  bench.start({ settings });
  const seen: Seen[] = [];
  const lookSome = async (looks: number): Promise<void> => {
    for (let each = 0; each < looks; each += 1) {
      await sleep(60 + 120 * random());
      const one = await workload.still(() => lookAt(client, databases, ledger.acknowledged));
      if (one) seen.push(one);
    }
  };
  await sleep(300);
  await bench.caughtUp();
  const full = await engine.backUp({ databases: scope });
  await lookSome(2);
  // a region is away for a moment
  stores[2]?.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The region does not answer.'));
  const changes = await engine.backUpChanges(full, { databases: scope });
  stores[2]?.failWith(undefined);
  await lookSome(3);
  await Promise.all([workload.stop(), ledger.stop()]);
  await bench.caughtUp();
  await bench.stop();

  const wrong: string[] = [];
  let compared = 0;
  for (const [index, one] of seen.entries()) {
    const from = [changes, full].find(({ header }) => compareOplogTimes(header.window.end, one.at) <= 0);
    if (!from) continue;
    compared += 1;
    const point = { backup: from.header.backup, prove: index % 2 === 0, number: index + 1 };
    wrong.push(...(await compareAt({ vault, target: engine.target, client }, one, point)));
  }
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect(compared).toBeGreaterThanOrEqual(4);
}, 120_000);
