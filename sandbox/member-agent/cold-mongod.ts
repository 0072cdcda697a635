import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createUsers, type KeyFile, type Place, type ReplicaSet, startReplicaSet } from '#sandbox/servers';
import type { ManagedServer } from './managed-server.ts';

export interface ColdMachine {
  readonly region: string;
  /** Of the set that is founded on it. */
  readonly set: string;
  readonly port: number;
  /** Its own; what is in it outlives the power. */
  readonly dir: string;
  /** Users have the same passwords as in the set with this key, so that one environment fits both. */
  readonly key: Pick<KeyFile, 'text'>;
  readonly databases: readonly string[];
  readonly place?: Place;
}

const MEMBER = 'cold-1';

/** A machine of a cold region: mongod is installed, its key and its users are prepared, and nothing runs until it is asked for. */
export function coldMongod(machine: ColdMachine): ManagedServer {
  const { region, set: name, port, dir, key, databases, place } = machine;
  const dataPath = join(dir, MEMBER, 'db');
  mkdirSync(dataPath, { recursive: true });
  let set: ReplicaSet | undefined;
  const member = () => set?.members[0];
  const start = async (): Promise<void> => {
    if (member()?.running()) return;
    writeFileSync(join(dir, 'key'), key.text, { mode: 0o400, flag: 'a' });
    writeFileSync(join(dir, 'ports.json'), JSON.stringify({ [MEMBER]: port }));
    set = await startReplicaSet({
      ...{ name, dir, oplogSizeMb: 990, members: [{ name: MEMBER, region, priority: 1 }] },
      ...(place === undefined ? {} : { place: () => place }),
    });
  };
  const nothingRuns = async (): Promise<never> => {
    throw new Error('It is never started outside its set.');
  };
  return {
    ...{ host: `127.0.0.1:${port}`, region, dataPath, start },
    running: () => member()?.running() ?? false,
    found: async () => {
      await start();
      if (set) await createUsers({ rootUri: set.uri('root'), keyText: key.text, databases });
    },
    startAlone: nothingRuns,
    stopAlone: async () => undefined,
    stop: async () => set?.stop(),
    kill: () => member()?.kill('SIGKILL'),
    ended: async () => (await member()?.ended()) ?? { signal: null },
  };
}
