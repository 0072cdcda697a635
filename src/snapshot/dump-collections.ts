import { asDrError, DrError } from '#core';
import type { OplogTime, SnapshotSource, SourceCollection } from '#ports';
import { DocumentBlocks, type SegmentSink } from '#vault';
import type { Checkpoints } from './checkpoints.ts';
import { inLanes } from './in-lanes.ts';
import type { ProgressMeter } from './progress.ts';
import { beginAnew, type RangeMark, type RangeProgress, type Reading, restOf } from './reading.ts';

export interface DumpOptions {
  readonly source: SnapshotSource;
  readonly readings: readonly Reading[];
  readonly since: OplogTime;
  readonly sink: SegmentSink;
  /** Cursors read at once. */
  readonly readers: number;
  /** Gives out numbers for collections. */
  readonly nextNumber: () => number;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  /** Told how far each collection is kept, where that is written down. */
  readonly checkpoints: Checkpoints | undefined;
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

interface Task {
  readonly reading: Reading;
  readonly number: number;
  readonly progress: RangeProgress;
}

/** Collections of which nothing was read yet, cut into ranges where that pays. Throws what the source throws. */
export const readingsOf = (
  collections: readonly SourceCollection[],
  options: Pick<DumpOptions, 'source' | 'readers' | 'nextNumber'>,
): Promise<Reading[]> => {
  const share = collections.reduce((sum, { estimate }) => sum + estimate.bytes, 0) / options.readers;
  return Promise.all(
    collections.map(async (collection): Promise<Reading> => {
      const number = options.nextNumber();
      const ranges = await rangesOf(options, collection, share);
      return { collection, number, reads: 1, ranges, state: 'open' };
    }),
  );
};

/**
 * Reads every collection, several at once and large ones in ranges, the largest first. Collections that are dropped
 * meanwhile are left out: the captured oplog has the drop. Throws SOURCE_CHANGED (transient) when one keeps changing.
 */
export async function dumpCollections(options: DumpOptions): Promise<DumpedCollection[]> {
  const { readings, checkpoints } = options;
  const queue = readings.flatMap((reading) => reading.ranges.map((progress) => taskOf(reading, progress)));
  queue.sort((a, b) => sizeOf(b) - sizeOf(a));
  await inLanes(options.readers, options.signal, (signal) => async () => {
    const lane = checkpoints?.lane();
    const blocks = new DocumentBlocks<RangeMark>(options.sink, (index, marks) => lane?.fill(index, marks));
    for (let task = queue.shift(); task; task = queue.shift()) {
      if (task.number !== task.reading.number || task.reading.state === 'dropped') continue;
      await readRange({ ...options, signal }, task, blocks, queue);
    }
    blocks.flush();
  });
  return readings.filter(({ state }) => state !== 'dropped').map(({ number, collection }) => ({ number, collection }));
}

const taskOf = (reading: Reading, progress: RangeProgress): Task => ({ reading, number: reading.number, progress });

const sizeOf = ({ reading }: Task): number => reading.collection.estimate.bytes / Math.max(1, reading.ranges.length);

/**
 * How much more than an equal share of the work a collection must be to be cut: reading by `_id` goes from index to
 * document and is slower than storage order, so it only pays where other readers would stand idle.
 */
const UNEQUAL = 1.5;

async function rangesOf(
  { source, readers }: Pick<DumpOptions, 'source' | 'readers'>,
  collection: SourceCollection,
  share: number,
): Promise<RangeProgress[]> {
  const parts = collection.estimate.bytes > share * UNEQUAL ? readers : 1;
  const points = await source.splitPoints(collection, parts).catch((error: unknown) => {
    // dropped or renamed already: reading it will say so
    if (['NOT_FOUND', 'SOURCE_CHANGED'].includes(asDrError(error).code)) return [];
    throw error;
  });
  if (points.length === 0) return [{ range: { kind: 'all' }, kept: 'nothing' }];
  return [...points, 'last' as const].map((to, index) => {
    return { range: { kind: 'ids', from: points[index - 1] ?? 'first', to }, kept: 'nothing' };
  });
}

async function readRange(
  { source, since, nextNumber, meter, signal }: DumpOptions,
  { reading, number, progress }: Task,
  blocks: DocumentBlocks<RangeMark>,
  queue: Task[],
): Promise<void> {
  try {
    if (progress.kept !== 'all') {
      for await (const batch of source.read(reading.collection, restOf(progress), since, signal)) {
        if (reading.number !== number) return;
        const kept = batch.position ? { behind: batch.position } : 'unknown';
        await blocks.append(number, batch.documents, { of: progress, kept });
        meter.addBatch(batch.count, batch.documents.length);
      }
      blocks.mark({ of: progress, kept: 'all' });
    }
    progress.read = true;
    if (reading.ranges.every(({ read }) => read)) finish(reading, 'done', meter);
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
  return taskOf(reading, beginAnew(reading, nextNumber()));
}
