import { dirname } from 'node:path';
import { freePort, type Mongod, type Place, type ReplicaMember, type ReplicaSet, startMongod } from '#sandbox/servers';
import type { ManagedServer } from './managed-server.ts';

const STOPS_WITHIN_MS = 15_000;

/** A member of a replica set of ours, in the hands of its machine's agent. `place` is the machine's, where it is not this one. */
export function managedMongod(set: ReplicaSet, member: ReplicaMember, place?: Place): ManagedServer {
  let alone: Mongod | undefined;
  return {
    host: member.host,
    region: member.region,
    dataPath: member.dbPath,
    running: () => member.running(),
    start: () => member.restart(),
    ended: () => member.ended(),
    kill: () => {
      alone?.kill('SIGKILL');
      member.kill('SIGKILL');
    },
    stop: async () => {
      const late = setTimeout(() => member.kill('SIGKILL'), STOPS_WITHIN_MS);
      member.kill('SIGTERM');
      member.kill('SIGCONT'); // a frozen process would not see the SIGTERM
      if (member.running()) await member.ended();
      clearTimeout(late);
    },
    startAlone: async () => {
      if (alone?.running()) return alone.host;
      const port = await freePort();
      await place?.expose(port);
      alone = await startMongod({
        port,
        ...(place === undefined ? {} : { place }),
        dbPath: dirname(member.dbPath),
        keyFile: set.key.path,
        // What its oplog has and its last checkpoint has not is there too, nothing can be written, and nothing expires.
        setParameters: { recoverFromOplogAsStandalone: true, ttlMonitorEnabled: false },
      });
      return alone.host;
    },
    stopAlone: async () => {
      await alone?.stop();
      if (alone) await place?.withdraw(alone.port);
      alone = undefined;
    },
  };
}
