import { asDrError, DrError } from '#core';
import type { OplogTime, ReadRange, SnapshotSource, SourceCollection } from '#ports';
import { DocumentBlocks, type SegmentSink } from '#vault';
import { inLanes } from './in-lanes.ts';
import type { ProgressMeter } from './progress.ts';

export interface DumpOptions {
  readonly source: SnapshotSource;
  readonly collections: readonly SourceCollection[];
  readonly since: OplogTime;
  readonly sink: SegmentSink;
  /** Cursors read at once. */
  readonly readers: number;
  /** Gives out numbers for collections. */
  readonly nextNumber: () => number;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
}

/** A collection and the number its documents went under. */
export interface DumpedCollection {
  readonly number: number;
  /** Where only what changed was read: the number for what is no more. */
  readonly gone?: number;
  readonly collection: SourceCollection;
}

/** A rename, or a capped collection that overtakes the reader, starts a collection over; not for ever. */
const MAX_READS = 5;

interface Reading {
  readonly collection: SourceCollection;
  /** Documents read in vain stay in their segments under the number that nobody refers to. */
  number: number;
  reads: number;
  open: number;
  state: 'open' | 'done' | 'dropped';
}

interface Task {
  readonly reading: Reading;
  readonly number: number;
  readonly range: ReadRange;
}

/**
 * Reads every collection, several at once and large ones in ranges, the largest first. Collections that are dropped
 * meanwhile are left out: the captured oplog has the drop. Throws SOURCE_CHANGED (transient) when one keeps changing.
 */
export async function dumpCollections(options: DumpOptions): Promise<DumpedCollection[]> {
  const { collections, nextNumber } = options;
  const readings = collections.map((collection): Reading => {
    return { collection, number: nextNumber(), reads: 1, open: 0, state: 'open' };
  });
  const queue = (await Promise.all(readings.map((reading) => tasksOf(options, reading)))).flat();
  queue.sort((a, b) => sizeOf(b) - sizeOf(a));
  await inLanes(options.readers, options.signal, (signal) => async () => {
    const blocks = new DocumentBlocks(options.sink);
    for (let task = queue.shift(); task; task = queue.shift()) {
      if (task.number !== task.reading.number || task.reading.state === 'dropped') continue;
      await readRange({ ...options, signal }, task, blocks, queue);
    }
    blocks.flush();
  });
  return readings.filter(({ state }) => state !== 'dropped').map(({ number, collection }) => ({ number, collection }));
}

const sizeOf = ({ reading }: Task): number => reading.collection.estimate.bytes / Math.max(1, reading.open);

/**
 * How much more than an equal share of the work a collection must be to be cut: reading by `_id` goes from index to
 * document and is slower than storage order, so it only pays where other readers would stand idle.
 */
const UNEQUAL = 1.5;

async function tasksOf({ source, collections, readers }: DumpOptions, reading: Reading): Promise<Task[]> {
  const share = collections.reduce((sum, { estimate }) => sum + estimate.bytes, 0) / readers;
  const parts = reading.collection.estimate.bytes > share * UNEQUAL ? readers : 1;
  const points = await source.splitPoints(reading.collection, parts).catch((error: unknown) => {
    // dropped or renamed already: reading it will say so
    if (['NOT_FOUND', 'SOURCE_CHANGED'].includes(asDrError(error).code)) return [];
    throw error;
  });
  const ranges: ReadRange[] =
    points.length === 0
      ? [{ kind: 'all' }]
      : [...points, 'last' as const].map((to, index) => ({ kind: 'ids', from: points[index - 1] ?? 'first', to }));
  reading.open = ranges.length;
  return ranges.map((range) => ({ reading, number: reading.number, range }));
}

async function readRange(
  { source, since, nextNumber, meter, signal }: DumpOptions,
  { reading, number, range }: Task,
  blocks: DocumentBlocks,
  queue: Task[],
): Promise<void> {
  try {
    for await (const batch of source.read(reading.collection, range, since, signal)) {
      if (reading.number !== number) return;
      await blocks.append(number, batch.documents);
      meter.addBatch(batch.count, batch.documents.length);
    }
    reading.open -= 1;
    if (reading.open === 0) finish(reading, 'done', meter);
  } catch (thrown) {
    const error = asDrError(thrown);
    if (error.code === 'NOT_FOUND') finish(reading, 'dropped', meter);
    else if (error.code !== 'SOURCE_CHANGED') throw error;
    else if (reading.number === number) queue.push(startOver(reading, nextNumber, error));
  }
}

function finish(reading: Reading, state: 'done' | 'dropped', meter: ProgressMeter): void {
  if (reading.state !== 'open') return;
  reading.state = state;
  meter.collections.done += 1;
  meter.tell();
}

function startOver(reading: Reading, nextNumber: () => number, cause: DrError): Task {
  if (reading.reads >= MAX_READS) {
    const { database, name } = reading.collection;
    throw new DrError('SOURCE_CHANGED', 'transient', `${database}.${name} changed each time it was read.`, { cause });
  }
  reading.reads += 1;
  reading.open = 1;
  reading.number = nextNumber();
  return { reading, number: reading.number, range: { kind: 'all' } };
}
