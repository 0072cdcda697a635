import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  COMPILE_CACHE,
  createAwsWorld,
  type ReplicaSet,
  startMoto,
  startReplicaSet,
  VAULT_REGIONS,
} from '#sandbox/servers';
import { MEMORY_ENV, MEMORY_FLAGS } from '../../sandbox/memory-env.ts';
import { type Supervised, supervise } from '../../sandbox/supervise.ts';
import type { CaptureOrder } from './process/capture.ts';
import { type ShakyGateway, startShakyGateway } from './process/shaky-gateway.ts';
import { backupsTaken, type SnapshotsOrder } from './process/snapshots.ts';
import type { VaultPlace } from './process/vault-place.ts';

/** All that a model run needs beside itself. */
export interface ModelServers {
  /** Three members, which are killed. */
  readonly source: ReplicaSet;
  /** Where everything is restored to. */
  readonly target: ReplicaSet;
  /** As processes reach it: through doors that are shaken. */
  readonly shaken: VaultPlace;
  readonly gateways: readonly [ShakyGateway, ...ShakyGateway[]];
  /** Two that capture and one that takes snapshots; not started. */
  readonly processes: readonly [Supervised, ...Supervised[]];
  /** Logs, and the data of all servers. */
  readonly dir: string;
  /** How many backups were taken so far. */
  backups(): number;
  /** `keep`: whatever is on disk stays. */
  stop(how: { readonly keep: boolean }): Promise<void>;
}

const file = (name: string): string => fileURLToPath(new URL(`./process/${name}`, import.meta.url));

/** Starts them: about 12 s. */
export async function startModelServers(databases: readonly string[]): Promise<ModelServers> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-model-'));
  const started: { stop(): Promise<unknown> }[] = [];
  const keep = async <T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.unshift(one);
    return one;
  };
  const stop: ModelServers['stop'] = async ({ keep: kept }) => {
    for (const one of started) await one.stop();
    if (!kept) rmSync(dir, { recursive: true, force: true });
  };
  try {
    const alone = (name: string) =>
      keep(
        startReplicaSet({ name, members: [{ name: 'a-1', region: 'us-east-1', priority: 1 }], dir: join(dir, name) }),
      );
    const [moto, control, target, source] = await Promise.all([
      keep(startMoto({ dir: join(dir, 'moto'), checksUploads: false })),
      alone('control'),
      alone('target'),
      keep(
        startReplicaSet({
          name: 'source',
          members: ['a-1', 'b-1', 'c-1'].map((name) => ({ name, region: 'us-east-1', priority: 1 })),
          settings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 },
          // documents of 16 MB do not fit into less while others write
          cacheGb: 0.5,
          setParameters: { ttlMonitorSleepSecs: 1 },
          dir: join(dir, 'source'),
        }),
      ),
    ]);
    const world = await createAwsWorld({ endpoint: moto.endpoint, prefix: 'model', zone: 'model.test' });
    const [east, west, europe] = [
      await keep(startShakyGateway(moto.port)),
      await keep(startShakyGateway(moto.port)),
      await keep(startShakyGateway(moto.port)),
    ];
    const endpoints = { 'us-east-1': east.endpoint, 'us-west-2': west.endpoint, 'eu-west-1': europe.endpoint };
    const shaken: VaultPlace = { endpoints, world: { buckets: world.buckets, kmsKeys: world.kmsKeys } };
    const run = (name: string, program: string, order: CaptureOrder | SnapshotsOrder): Supervised =>
      supervise(
        {
          name,
          region: VAULT_REGIONS[0],
          args: [...MEMORY_FLAGS, file(program), JSON.stringify(order)],
          env: { ...MEMORY_ENV, ...COMPILE_CACHE },
          restart: { kind: 'always', delayMs: 300, maxDelayMs: 300 },
        },
        join(dir, 'logs'),
      );
    const common = { ...shaken, uri: source.uri('root'), databases };
    const capture = (holder: string): Supervised =>
      run(holder, 'capture.ts', { ...common, controlUri: control.uri('root'), holder });
    const noteFile = join(dir, 'snapshots.json');
    const snapshots = run('snapshots', 'snapshots.ts', { ...common, noteFile, everyMs: 4_000 });
    const processes = [snapshots, capture('capture-1'), capture('capture-2')] as const;
    for (const one of processes) started.unshift({ stop: () => one.stop(0) });
    const backups = (): number => backupsTaken(noteFile);
    return { source, target, shaken, gateways: [east, west, europe], processes, dir, backups, stop };
  } catch (error) {
    await stop({ keep: false });
    throw error;
  }
}
