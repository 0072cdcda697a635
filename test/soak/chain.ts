import { startReplicaSet } from '#sandbox/servers';
import { runChainModel } from '../snapshot/chain-model.ts';
import type { SoakGround } from './ground.ts';

/** A replica set of its own; each round a database, a vault and a chain of its own. */
export async function chainGround(): Promise<SoakGround> {
  const set = await startReplicaSet({
    name: 'chain',
    members: [{ name: 'a-1', region: 'us-east-1', priority: 1 }],
  });
  const uri = set.uri('root');
  let rounds = 0;
  return {
    async round(random) {
      rounds += 1;
      const { wrong } = await runChainModel({
        uri,
        database: `round-${rounds}`,
        random,
        links: 6,
        points: 2,
        deaths: 3,
      });
      return wrong;
    },
    stop: () => set.stop(),
  };
}
