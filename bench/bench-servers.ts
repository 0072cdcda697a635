import { createAwsWorld, startMoto, startReplicaSet } from '#sandbox/servers';
import type { VaultPlace } from './vault-on.ts';

/** What a case about backups runs on: one member and the stand-in of three regions. */
export interface BenchServers {
  readonly uri: string;
  readonly place: VaultPlace;
  stop(): Promise<unknown>;
}

/** Starts them; whoever does stops them. */
export async function startBenchServers(): Promise<BenchServers> {
  const set = await startReplicaSet({
    name: 'bench',
    members: [{ name: 'east-1', region: 'us-east-1', priority: 1 }],
  });
  const moto = await startMoto({ checksUploads: false });
  const world = await createAwsWorld({ endpoint: moto.endpoint, prefix: 'bench', zone: 'bench.example' });
  const place = { endpoint: moto.endpoint, world };
  return { uri: set.uri('root'), place, stop: () => Promise.all([set.stop(), moto.stop()]) };
}

/** The id of a backup of today: `B-1124-0002` for 2. */
export const backupToday = (minute: number): string =>
  `B-${new Date().toISOString().slice(5, 10).replace('-', '')}-${String(minute).padStart(4, '0')}`;
