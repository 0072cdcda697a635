import { startReplicaSet } from '#sandbox/servers';
import { runDamageRound } from '../integrity/damage-round.ts';
import type { SoakGround } from './ground.ts';

/** A replica set of its own; each round a database and a vault of its own, of which a thousand objects are harmed. */
export async function damageGround(): Promise<SoakGround> {
  const set = await startReplicaSet({
    name: 'damage',
    members: [{ name: 'a-1', region: 'us-east-1', priority: 1 }],
  });
  const uri = set.uri('root');
  let rounds = 0;
  return {
    round(random, note) {
      rounds += 1;
      return runDamageRound({
        uri,
        database: `round-${rounds}`,
        random,
        harms: 1_000,
        archived: rounds % 2 === 0,
        note,
      });
    },
    stop: () => set.stop(),
  };
}
