import type { Region, RequestId, Text } from '#core';
import type { MemberHosts, ReplicaSet } from '#ports';
import type { LossBooks } from '../lost-region-world.ts';
import type { FailoverWorld } from '../world.ts';
import type { VaultPoint } from './facts.ts';
import type { ColdReceipt } from './receipt.ts';
import type { ServingDatabases } from './serving-database.ts';

export interface VaultWork {
  readonly signal: AbortSignal;
  report(progress: { readonly text: Text; readonly share?: number }): void;
}

/** What a restore has loaded. `kept` is the restore's own, plain data that a run carries from step to step. */
export interface LoadedData {
  readonly collections: number;
  readonly documents: number;
  readonly bytes: number;
  /** What could not be restored, and why. */
  readonly leftOut: readonly { readonly namespace: string; readonly reason: string }[];
  readonly kept: unknown;
}

export interface ProvedData {
  readonly collections: number;
  readonly documents: number;
}

/**
 * A database's whole content out of the vault into an empty replica set at `host`. Every call may be repeated. Throws what a
 * restore throws; RESTORE_MISMATCH (permanent) where it does not equal the vault.
 */
export interface VaultData {
  /**
   * The newest point; with `backupId` the newest from that backup on. BACKUP_UNKNOWN (user) where there is none that is verified;
   * OBJECT_STORE_UNAVAILABLE or SERVICE_UNAVAILABLE (transient).
   */
  newest(backupId?: string): Promise<VaultPoint>;
  /** TARGET_UNFIT or NOT_ALLOWED (user): a server that can't take it, or that is the lost set itself. */
  judge(host: string, point: VaultPoint): Promise<void>;
  /** Resolves when nothing of it lies in cold storage any more; returns how long that took, in ms. */
  fetch(point: VaultPoint, work: VaultWork): Promise<number>;
  load(run: RequestId, host: string, point: VaultPoint, work: VaultWork): Promise<LoadedData>;
  prove(run: RequestId, host: string, point: VaultPoint, work: VaultWork): Promise<ProvedData>;
  /** Gives what was loaded its names, makes its views and has documents expire again. */
  name(run: RequestId, host: string, point: VaultPoint, loaded: LoadedData): Promise<number>;
}

/** The replica set that was founded at one host. */
export interface FoundedDatabase {
  readonly replicaSet: Pick<ReplicaSet, 'look' | 'blockWrites' | 'unblockWrites'>;
  /** Counts what was acknowledged and is not there. */
  readonly losses: LossBooks;
}

/** What building the service in a cold region needs besides what every move does. */
export interface ColdWorld extends FailoverWorld {
  /** The agents of the machines; undefined where this process knows none. */
  readonly hosts: Pick<MemberHosts, 'look' | 'found' | 'hold' | 'wipe'> | undefined;
  readonly data: VaultData;
  /** Opens what is there for one piece of work and closes it whatever happens. */
  withFounded<T>(host: string, work: (founded: FoundedDatabase) => Promise<T>): Promise<T>;
  /** Which database serves, where it is not that of the environment. */
  readonly serving: ServingDatabases;
  /** Tells stakeholders how the run ended; each run's message once, however often it is asked. */
  tellCold(run: RequestId, receipt: ColdReceipt): Promise<void>;
}

/** Every region that serves in normal times. */
export const warmRegions = ({ settings }: Pick<FailoverWorld, 'settings'>): Region[] =>
  settings.regions.flatMap(({ region, role }) => (role === 'cold-standby' ? [] : [region]));
