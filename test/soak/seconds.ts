import { startReplicaSet } from '#sandbox/servers';
import { captureBench } from '../capture/capture-bench.ts';
import { changeAndLook, compareAtRandom } from '../capture/every-change.ts';
import { openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import type { SoakGround } from './ground.ts';

const LOOKS = 40;
const POINTS = 10;

/** A replica set of its own; each round a database, a vault and a capture of its own. */
export async function secondsGround(): Promise<SoakGround> {
  const set = await startReplicaSet({
    name: 'seconds',
    members: [{ name: 'a-1', region: 'us-east-1', priority: 1 }],
  });
  const uri = set.uri('root');
  let rounds = 0;
  return {
    async round(random) {
      rounds += 1;
      const database = `round-${rounds}`;
      const { vault } = memoryVault();
      const engine = await openEngine(uri, database, vault, 'primary');
      const bench = captureBench(uri, database, vault);
      try {
        bench.start();
        await changeAndLook(engine.db, engine.client, random, 5);
        await bench.caughtUp();
        const { header } = await engine.backUp();
        const seen = await changeAndLook(engine.db, engine.client, random, LOOKS);
        await bench.caughtUp();
        const backup = { vault, backup: header.backup, end: header.window.end };
        return await compareAtRandom(engine, backup, seen, { random, points: POINTS });
      } finally {
        await bench.stop();
        await engine.close();
      }
    },
    stop: () => set.stop(),
  };
}
