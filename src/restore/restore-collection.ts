import { asDrError, elementOf, type RawDocument, type RequestId } from '#core';
import type { Namespace, RestoreTarget } from '#ports';
import { loadingName } from './beside-names.ts';
import { documentsIn } from './documents-in.ts';
import { ChangeFold } from './fold-changes.ts';
import type { RoomWatch } from './keep-room.ts';
import type { PlannedCollection } from './restore-plan.ts';
import type { OpenPoint } from './restore-point.ts';
import { bucketsOf, viewOptions } from './time-series.ts';

export interface CollectionRestore {
  readonly point: OpenPoint;
  readonly target: RestoreTarget;
  readonly run: RequestId;
  readonly planned: PlannedCollection;
  readonly writers: number;
  readonly room: RoomWatch;
  readonly signal: AbortSignal;
  onDocuments(documents: number, bytes: number): void;
}

/** Larger batches made inserts no faster and hold more memory (measured: 2,000 to 5,000 alike). */
const BATCH_DOCUMENTS = 3000;
const BATCH_BYTES = 8 * 1024 * 1024;
const REPLAY_OPERATIONS = 5000;

/**
 * Makes one collection beside the live one: documents as they were read, the writes of the window, then the indexes
 * (a unique one may not hold in the middle of the replay), then its name. What an earlier, killed try left of it is
 * dropped first.
 */
export async function restoreCollection(restore: CollectionRestore): Promise<void> {
  const { target, run, planned } = restore;
  const { database, name } = planned.place;
  const beside: Namespace = { database, name: planned.beside };
  const at = planned.timeSeries ? bucketsOf(beside) : { database, name: loadingName(run, name) };
  await target.drop(at);
  try {
    await make(restore, at);
  } catch (thrown) {
    // the room that it took is needed by what is live, and no try goes on with a half one
    if (asDrError(thrown).code === 'DISK_FULL') await target.drop(at).catch(() => undefined);
    throw thrown;
  }
  // buckets are not renamed: as long as they have no view they have no name
  if (planned.timeSeries) await target.create(beside, viewOptions(planned.options));
  else await target.rename(at, planned.beside);
}

async function make(restore: CollectionRestore, at: Namespace): Promise<void> {
  const { target, planned, room, signal } = restore;
  await target.create(at, planned.options);
  await load(restore, at);
  if (planned.entry.writes > 0) await replay(restore, at);
  signal.throwIfAborted();
  await room.expect(0);
  await target.createIndexes(at, planned.indexes);
}

async function load(restore: CollectionRestore, at: Namespace): Promise<void> {
  const { target, room, signal, onDocuments } = restore;
  const writers = writersOf(restore);
  const writing = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  try {
    for await (const batch of batches(restore)) {
      signal.throwIfAborted();
      if (failure) break;
      const bytes = batch.reduce((sum, document) => sum + document.length, 0);
      await room.wrote(bytes);
      const task = target
        .insert(at, batch)
        .then(() => onDocuments(batch.length, bytes))
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => writing.delete(task));
      writing.add(task);
      if (writing.size >= writers) await Promise.race(writing);
    }
  } finally {
    // also when it ends badly: an insert that is on its way would make the collection again after it was dropped
    await Promise.all(writing);
  }
  if (failure) throw failure.error;
}

/** The collection's documents as they were read, in the order in which they were read. */
async function* batches({ point, planned }: CollectionRestore): AsyncGenerator<RawDocument[]> {
  let batch: RawDocument[] = [];
  let bytes = 0;
  for await (const document of documentsIn(point.chain, planned.entry.uuid)) {
    batch.push(document);
    bytes += document.length;
    if (batch.length < BATCH_DOCUMENTS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** The next changes are gathered while the server takes these. */
async function replay(restore: CollectionRestore, at: Namespace): Promise<void> {
  const { point, planned, signal } = restore;
  const changes = new ChangeFold();
  let applying: Promise<void> = Promise.resolve();
  try {
    for await (const write of point.writesTo(planned.entry.uuid)) {
      changes.push(write);
      if (changes.size < REPLAY_OPERATIONS) continue;
      signal.throwIfAborted();
      await applying;
      applying = applyAll(restore, at, changes);
      // looked at in its turn; until then a failure must not end the process as unhandled
      applying.catch(() => undefined);
    }
    await applying;
    await applyAll(restore, at, changes);
  } finally {
    // whoever drops the collection next must not find it made again by a write that was still on its way
    await applying.catch(() => undefined);
  }
}

async function applyAll(restore: CollectionRestore, at: Namespace, changes: ChangeFold): Promise<void> {
  for (const lanes of changes.take(writersOf(restore))) {
    const results = await Promise.allSettled(lanes.map((lane) => restore.target.apply(at, lane)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** Order is part of what a capped collection is. */
const writersOf = ({ planned, writers }: CollectionRestore): number =>
  elementOf(planned.options, 'capped') ? 1 : writers;
