import type { BackupId, Sha256 } from '#core';
import type { ObjectLock, OplogSource, SnapshotSource } from '#ports';
import type { Databases, Sealer, Vault } from '#vault';
import type { SnapshotProgress } from './progress.ts';

export interface SnapshotOptions {
  readonly source: SnapshotSource;
  readonly oplog: OplogSource;
  readonly vault: Vault;
  readonly backupId: BackupId;
  readonly databases: Databases;
  readonly lock: { readonly mode: ObjectLock['mode']; readonly days: number };
  readonly planHash: Sha256;
  readonly signal: AbortSignal;
  /** At most four times a second. */
  readonly onProgress?: (progress: SnapshotProgress) => void;
  /** Cursors at once; default 2, which keeps two cores busy. */
  readonly readers?: number;
  /**
   * A collection of which a larger share changed since the parent is read whole: reading it in storage order is faster
   * than looking up each document. Default 0.25.
   */
  readonly wholeFrom?: number;
  /** A segment is sealed from this size on; default as `SinkOptions.fullBytes`. */
  readonly segmentBytes?: number;
  /** How often a full backup writes down how far it is, and so what a crash may cost. Default 60 s. */
  readonly checkpointEveryMs?: number;
  /** Default: threads of its own, one for each core but one, two at most. */
  readonly sealer?: Sealer;
}
