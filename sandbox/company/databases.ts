import { join } from 'node:path';
import { CONTROL_SET } from '#adapters/control-store';
import { createControlUser, createUsers, type Place, type ReplicaSet, startReplicaSet } from '#sandbox/servers';
import { EAST, EU, WEST } from './regions.ts';

/** The protected replica set and Holdfast's own, both real, both with members in more than one region. */
export interface Databases {
  readonly eld: ReplicaSet;
  readonly control: ReplicaSet;
  /** As whom Holdfast talks to each. */
  readonly env: { readonly MONGODB_URI: string; readonly CONTROL_MONGODB_URI: string };
  stop(): Promise<void>;
}

/** Starts six members side by side; with a `dir` that was used before, they go on with their data and ports. */
export async function startDatabases(dir: string | undefined, place?: (region: string) => Place): Promise<Databases> {
  const under = (name: string) => ({
    ...(dir === undefined ? {} : { dir: join(dir, name) }),
    ...(place === undefined ? {} : { place }),
  });
  const [eld, control] = await Promise.all([
    startReplicaSet({
      name: 'eld',
      ...under('mongodb'),
      members: [
        { name: 'east-1', region: EAST, priority: 3 },
        { name: 'east-2', region: EAST, priority: 2 },
        { name: 'west-1', region: WEST, priority: 1 },
      ],
      // a dead primary is replaced in seconds, as a busy site would have it
      settings: { electionTimeoutMillis: 3000 },
      oplogSizeMb: 990,
    }),
    startReplicaSet({
      name: 'control',
      ...under('control'),
      members: [
        { name: 'control-east', region: EAST, priority: 2 },
        { name: 'control-west', region: WEST, priority: 2 },
        { name: 'control-eu', region: EU, priority: 1 },
      ],
      settings: CONTROL_SET.settings,
      setParameters: CONTROL_SET.setParameters,
    }),
  ]);
  await Promise.all([
    createUsers({ rootUri: eld.uri('root'), keyText: eld.key.text, databases: ['eld'] }),
    createControlUser({ rootUri: control.uri('root'), keyText: control.key.text, database: 'holdfast' }),
  ]);
  return {
    eld,
    control,
    env: { MONGODB_URI: eld.uri('holdfast'), CONTROL_MONGODB_URI: control.uri('holdfast') },
    stop: async () => {
      await Promise.all([eld.stop(), control.stop()]);
    },
  };
}
