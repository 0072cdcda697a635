import { availableParallelism } from 'node:os';
import { asDrError, type BackupId, DrError, type Sha256 } from '#core';
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
import { captureOplog } from './capture-oplog.ts';
import { describeBackup, placeFor } from './describe-backup.ts';
import { dumpCollections } from './dump-collections.ts';
import { ProgressMeter, type SnapshotProgress } from './progress.ts';
import { readScope } from './scope.ts';

export interface FullSnapshotOptions {
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
  /** Default: threads of its own, one for each core but one, two at most. */
  readonly sealer?: Sealer;
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
export async function takeFullSnapshot(options: FullSnapshotOptions): Promise<Manifest> {
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

async function writeBackup(
  options: FullSnapshotOptions,
  { place, lock, startedAt, sealer }: Attempt,
): Promise<Manifest> {
  const { vault, signal } = options;
  const attempt = vault.random(4).toString('hex');
  const key = await createDataKey(vault, place, attempt, lock);
  try {
    const buffers = (options.readers ?? 2) + SPARE_BUFFERS;
    const sink = openSegmentSink({ vault, place, attempt, key, lock, sealer, buffers });
    const meter = new ProgressMeter(vault.clock, options.onProgress ?? (() => undefined));
    meter.storedBytes = sink.storedBytes;
    const read = await readAll(options, sink, meter);
    const { segments, tallies } = await sink.finish();
    meter.startCopying(segments.length);
    const onCopied = (): void => {
      meter.copied.done += 1;
      meter.tell();
    };
    const replicated = await replicate({ vault, segments, lock, signal, onCopied });
    const finishedAt = vault.clock.now();
    const facts = { ...options, ...read, ...replicated, place, key, lock, tallies, startedAt, finishedAt };
    const manifest = describeBackup(facts);
    signal.throwIfAborted();
    await commitManifest(vault, manifest, key, lock);
    meter.tell({ now: true });
    return manifest;
  } finally {
    key.forget();
  }
}

/** What the reading settles: the scope, where each collection went, and the window of the oplog that belongs to it. */
async function readAll(options: FullSnapshotOptions, sink: ReturnType<typeof openSegmentSink>, meter: ProgressMeter) {
  const { source, oplog, databases, signal } = options;
  const rollbackId = await source.rollbackId();
  const start = await source.majorityTime();
  const capture = captureOplog({ oplog, from: start, databases, sink, signal });
  try {
    const scope = await readScope(source, databases);
    const readers = options.readers ?? 2;
    const dumped = await dumpCollections({
      source,
      since: start,
      sink,
      readers,
      meter,
      signal,
      collections: scope.collections,
    });
    // nothing that was read or seen of the catalog is newer than what this member has applied
    const end = await source.appliedTime();
    await capture.finish(end);
    if ((await source.rollbackId()) !== rollbackId) throw rolledBack(source.member);
    return { scope, dumped, rollbackId, member: source.member, window: { start, end } };
  } catch (error) {
    await capture.stop();
    throw asDrError(error);
  }
}

const rolledBack = (member: string): DrError =>
  new DrError('SOURCE_CHANGED', 'transient', `${member} rolled back writes while it was read.`, {
    hint: 'Take the backup again.',
  });

async function manifestOf(vault: Vault, backup: BackupId): Promise<Manifest> {
  const open = await openBackup(vault, backup);
  open.close();
  return open.manifest;
}
