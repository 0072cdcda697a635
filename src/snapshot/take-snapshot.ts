import { availableParallelism } from 'node:os';
import { asDrError, type BackupId } from '#core';
import type { ObjectLock } from '#ports';
import {
  type BackupPlace,
  commitManifest,
  committedHeader,
  createDataKey,
  type Manifest,
  openBackup,
  openSegmentSink,
  replicate,
  type Sealer,
  spreadManifest,
  threadedSealer,
  type Vault,
} from '#vault';
import { Checkpoints, type CheckpointsOptions } from './checkpoints.ts';
import { describeBackup, placeFor } from './describe-backup.ts';
import { findInterrupted, type Interrupted } from './find-interrupted.ts';
import { ProgressMeter } from './progress.ts';
import { readSource } from './read-source.ts';
import type { SnapshotOptions } from './snapshot-options.ts';

/** A backup is named and committed by its id; taken once more it is returned as it is. */
interface Order extends SnapshotOptions {
  readonly parent: Manifest | undefined;
}

/** One thread seals faster than a cursor reads; each more costs some 80 MB. */
const SEALING_THREADS = availableParallelism() > 2 ? 2 : 1;
const CHECKPOINT_EVERY_MS = 60_000;
/** Buffers beside the readers' own: one being sealed for each thread, one for the oplog. */
const SPARE_BUFFERS = SEALING_THREADS + 1;

/**
 * Takes a full backup: every collection in scope, read by UUID while writes go on, and the oplog of that time, which
 * makes one moment of it (the end of the reading, the earliest time it can be restored to). Returns once the backup
 * is complete: every segment was read back from the home region and at least one other, and the manifest is written.
 *
 * Idempotent by `backupId`: a committed backup is returned as it is. One that a crash interrupted is gone on with from its
 * last checkpoint, where the oplog still has all that was written since; otherwise it begins anew. Throws SOURCE_CHANGED (rolled back, oplog gone), BACKUP_INCOMPLETE (no second region),
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
  const { vault, signal } = options;
  const place = placeFor(options.backupId, vault.clock.now());
  const committed = await committedHeader(vault, place);
  if (committed) {
    const { object, header } = committed;
    const lock: ObjectLock = { mode: header.lock.mode, until: new Date(header.lock.until) };
    await spreadManifest(vault, place, object, header.regions, lock);
    return await manifestOf(vault, options.backupId);
  }

  // its threads start while the key services answer
  const sealer = options.sealer ?? threadedSealer(SEALING_THREADS);
  try {
    const interrupted = options.parent ? undefined : await findInterrupted(options, place);
    if (interrupted) {
      try {
        return await writeBackup(options, { place, sealer, interrupted });
      } catch (thrown) {
        // what it had begun with is no longer so, a swap for instance: going on would meet the same again
        if (asDrError(thrown).code !== 'SOURCE_CHANGED') throw thrown;
        signal.throwIfAborted();
      }
    }
    return await writeBackup(options, { place, sealer, interrupted: undefined });
  } finally {
    if (!options.sealer) await sealer.close();
  }
}

const lockFrom = (startedAt: Date, { mode, days }: SnapshotOptions['lock']): ObjectLock => {
  return { mode, until: new Date(startedAt.getTime() + days * 86_400_000) };
};

interface Attempt {
  readonly place: BackupPlace;
  readonly sealer: Sealer;
  readonly interrupted: Interrupted | undefined;
}

async function writeBackup(options: Order, { place, sealer, interrupted }: Attempt): Promise<Manifest> {
  const { vault, signal } = options;
  const startedAt = interrupted ? new Date(interrupted.begun.startedAt) : vault.clock.now();
  const lock = lockFrom(startedAt, options.lock);
  const attempt = interrupted?.attempt ?? vault.random(4).toString('hex');
  // the reading does not wait for three key services; whoever needs the key first does, and hears if there is none
  const key = interrupted ? Promise.resolve(interrupted.key) : createDataKey(vault, place, attempt, lock);
  key.catch(() => undefined);
  const checkpoints = options.parent ? undefined : checkpointsOf(options, { place, attempt, key, interrupted });
  try {
    const readers = options.readers ?? 2;
    const sink = openSegmentSink({
      ...{ vault, place, attempt, key, lock, sealer },
      buffers: readers + SPARE_BUFFERS,
      ...(options.segmentBytes === undefined ? {} : { fullBytes: options.segmentBytes }),
      ...(interrupted ? { already: interrupted.segments, firstIndex: interrupted.firstIndex } : {}),
      onStored: (segment) => checkpoints?.stored(segment),
    });
    const meter = new ProgressMeter(vault.clock, options.onProgress ?? (() => undefined));
    meter.storedBytes = sink.storedBytes;
    const wholeFrom = options.wholeFrom ?? 0.25;
    const read = await readSource({ ...options, wholeFrom, readers, sink, meter, startedAt, interrupted, checkpoints });
    const { segments, tallies } = await sink.finish();
    await checkpoints?.end();
    meter.startCopying(segments.length);
    const onCopied = (): void => {
      meter.copied.done += 1;
      meter.tell();
    };
    const replicated = await replicate({ vault, segments, lock, signal, onCopied });
    const finishedAt = vault.clock.now();
    const parent = options.parent && placeOf(options.parent);
    const made = await key;
    const facts = {
      ...options,
      ...read,
      ...replicated,
      parent,
      place,
      key: made,
      lock,
      tallies,
      startedAt,
      finishedAt,
    };
    const manifest = describeBackup(facts);
    signal.throwIfAborted();
    await commitManifest(vault, manifest, made, lock);
    meter.tell({ now: true });
    return manifest;
  } finally {
    await checkpoints?.end();
    await key.then(
      (made) => made.forget(),
      () => undefined,
    );
  }
}

const checkpointsOf = (
  { vault, checkpointEveryMs }: Order,
  { interrupted, ...at }: Pick<CheckpointsOptions, 'place' | 'attempt' | 'key'> & Pick<Attempt, 'interrupted'>,
): Checkpoints =>
  new Checkpoints({
    ...at,
    vault,
    everyMs: checkpointEveryMs ?? CHECKPOINT_EVERY_MS,
    written: interrupted?.checkpoints ?? 0,
  });

async function manifestOf(vault: Vault, backup: BackupId): Promise<Manifest> {
  const open = await openBackup(vault, backup);
  open.close();
  return open.manifest;
}

const placeOf = ({ header: { year, backup } }: Manifest): BackupPlace => ({ year, backup });
