import type { RequestId } from '#core';
import type { OtherCluster } from './other-cluster.ts';

/** A database that was started for one restore. */
export interface RecoveryServer {
  readonly run: RequestId;
  /** The only one that reaches it. */
  readonly machine: string;
  readonly address: string;
  /** A file on that machine with the whole address, its user and password in it, for its owner's eyes only. */
  readonly addressFile: string;
  readonly startedAt: Date;
}

/** Databases on this machine, each started for one restore and reached from nowhere else. */
export interface RecoveryServers {
  /** Why none can be started here, in words; undefined where one can. */
  whyNot(): Promise<string | undefined>;
  /**
   * Starts one, or finds the one that a run has, started again if it is down. Throws TARGET_UNFIT (user) where none can be
   * started, DATABASE_UNAVAILABLE (transient) when it does not come up.
   */
  start(run: RequestId, signal: AbortSignal): Promise<RecoveryServer>;
  /** Started again if it is down. Throws as `start`, and NOT_FOUND (permanent) when it is not on this machine. */
  open(run: RequestId): Promise<OtherCluster>;
  /** Ends it and removes its data. Nothing happens when there is none here. */
  stop(run: RequestId): Promise<void>;
  /** Those on this machine, running or not. */
  list(): Promise<readonly RecoveryServer[]>;
}
