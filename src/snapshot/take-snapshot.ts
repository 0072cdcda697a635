import { availableParallelism } from 'node:os';
import type { BackupId, Sha256 } from '#core';
import type { ObjectLock, OplogSource, SnapshotSource } from '#ports';
import {
  type BackupPlace,
  commitManifest,
  committedHeader,
  createDataKey,
  type Databases,
  type Manifest,
  openBackup,
  openSegmentSink,
  replicate,
  type Sealer,
  spreadManifest,
  threadedSealer,
  type Vault,
} from '#vault';
import { describeBackup, placeFor } from './describe-backup.ts';
import { ProgressMeter, type SnapshotProgress } from './progress.ts';
import { readSource } from './read-source.ts';

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
  /** Default: threads of its own, one for each core but one, two at most. */
  readonly sealer?: Sealer;
}

/** A backup is named and committed by its id; taken once more it is returned as it is. */
interface Order extends SnapshotOptions {
  readonly parent: Manifest | undefined;
}

/** One thread seals faster than a cursor reads; each more costs some 80 MB. */
const SEALING_THREADS = availableParallelism() > 2 ? 2 : 1;
/** Buffers beside the readers' own: one being sealed for each thread, one for the oplog. */
const SPARE_BUFFERS = SEALING_THREADS + 1;

/**
 * Takes a full backup: every collection in scope, read by UUID while writes go on, and the oplog of that time, which
 * makes one moment of it (the end of the reading, the earliest time it can be restored to). Returns once the backup
 * is complete: every segment was read back from the home region and at least one other, and the manifest is written.
 *
 * Idempotent by `backupId`: a committed backup is returned as it is. An interrupted one left no manifest; the next
 * call makes a fresh one. Throws SOURCE_CHANGED (rolled back, oplog gone), BACKUP_INCOMPLETE (no second region),
 * DATABASE_*, OBJECT_STORE_*, KEY_REFUSED, or the signal's reason.
 */
export const takeFullSnapshot = (options: SnapshotOptions): Promise<Manifest> =>
  takeSnapshot({ ...options, parent: undefined });

/**
 * The same, of what changed since `parent` was read: the oplog says which documents those are, and only they are read.
 * It can't be restored without its parent. Idempotent and throwing as the full one; SOURCE_CHANGED is permanent when the
 * oplog no longer reaches back to the parent, and then only a full one helps.
 */
export const takeIncrementalSnapshot = (options: SnapshotOptions, parent: Manifest): Promise<Manifest> =>
  takeSnapshot({ ...options, parent });

async function takeSnapshot(options: Order): Promise<Manifest> {
  const { vault } = options;
  const startedAt = vault.clock.now();
  const place = placeFor(options.backupId, startedAt);
  const lock: ObjectLock = {
    mode: options.lock.mode,
    until: new Date(startedAt.getTime() + options.lock.days * 86_400_000),
  };
  const committed = await committedHeader(vault, place);
  if (committed) {
    await spreadManifest(vault, place, committed.object, committed.header.regions, lock);
    return await manifestOf(vault, options.backupId);
  }

  // its threads start while the key services answer
  const sealer = options.sealer ?? threadedSealer(SEALING_THREADS);
  try {
    return await writeBackup(options, { place, lock, startedAt, sealer });
  } finally {
    if (!options.sealer) await sealer.close();
  }
}

interface Attempt {
  readonly place: BackupPlace;
  readonly lock: ObjectLock;
  readonly startedAt: Date;
  readonly sealer: Sealer;
}

async function writeBackup(options: Order, { place, lock, startedAt, sealer }: Attempt): Promise<Manifest> {
  const { vault, signal } = options;
  const attempt = vault.random(4).toString('hex');
  const key = await createDataKey(vault, place, attempt, lock);
  try {
    const readers = options.readers ?? 2;
    const buffers = readers + SPARE_BUFFERS;
    const sink = openSegmentSink({ vault, place, attempt, key, lock, sealer, buffers });
    const meter = new ProgressMeter(vault.clock, options.onProgress ?? (() => undefined));
    meter.storedBytes = sink.storedBytes;
    const read = await readSource({ ...options, wholeFrom: options.wholeFrom ?? 0.25, readers, sink, meter });
    const { segments, tallies } = await sink.finish();
    meter.startCopying(segments.length);
    const onCopied = (): void => {
      meter.copied.done += 1;
      meter.tell();
    };
    const replicated = await replicate({ vault, segments, lock, signal, onCopied });
    const finishedAt = vault.clock.now();
    const parent = options.parent && placeOf(options.parent);
    const facts = { ...options, ...read, ...replicated, parent, place, key, lock, tallies, startedAt, finishedAt };
    const manifest = describeBackup(facts);
    signal.throwIfAborted();
    await commitManifest(vault, manifest, key, lock);
    meter.tell({ now: true });
    return manifest;
  } finally {
    key.forget();
  }
}

async function manifestOf(vault: Vault, backup: BackupId): Promise<Manifest> {
  const open = await openBackup(vault, backup);
  open.close();
  return open.manifest;
}

const placeOf = ({ header: { year, backup } }: Manifest): BackupPlace => ({ year, backup });
