import { expect, test } from 'vitest';
import { seeded } from '../e2e/scenarios/seeded.ts';
import { openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { captureBench } from './capture-bench.ts';
import { changeAndLook, compareAtRandom } from './every-change.ts';

// Long: npm run soak -- seconds
test('whatever was written, renamed, dropped, indexed or changed: at random moments the restored data is what was seen then', async ({
  onTestFinished,
}) => {
  const seed = 20_261_124;
  const random = seeded(seed);
  const uri = await sharedMongoUri();
  const database = ownName('model');
  const { vault } = memoryVault();
  const engine = await openEngine(uri, database, vault, 'primary');
  const bench = captureBench(uri, database, vault);
  onTestFinished(async () => {
    await bench.stop();
    await engine.close();
  });
  bench.start();
  await changeAndLook(engine.db, engine.client, random, 5);
  await bench.caughtUp();
  const { header } = await engine.backUp();
  const seen = await changeAndLook(engine.db, engine.client, random, 25);
  await bench.caughtUp();
  const backup = { vault, backup: header.backup, end: header.window.end };
  expect(await compareAtRandom(engine, backup, seen, { random, points: 5 }), `seed ${seed}`).toEqual([]);
}, 90_000);
