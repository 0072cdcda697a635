import { z } from 'zod';
import { asDrError, canonicalJson } from '#core';
import type { OplogSource, OplogTime, SnapshotSource } from '#ports';
import { type BackupPlace, type InterruptedAttempt, openInterrupted, type StoredSegment, segmentIn } from '#vault';
import { type Begun, Checkpoint } from './checkpoint.ts';
import { beginAnew, type Reading } from './reading.ts';
import type { SnapshotOptions } from './snapshot-options.ts';

/** A try at a full backup that can be gone on with. */
export interface Interrupted extends Pick<InterruptedAttempt, 'attempt' | 'key'> {
  readonly begun: Begun;
  /** Where the last process read. */
  readonly readFrom: Checkpoint['readFrom'];
  readonly reached: OplogTime;
  readonly nextNumber: number;
  readonly readings: readonly Reading[];
  readonly segments: readonly StoredSegment[];
  /** Higher than any that an object's name has. */
  readonly firstIndex: { readonly documents: number; readonly oplog: number };
  readonly checkpoints: number;
}

/**
 * Looks for a try that a crash interrupted, the newest one; undefined when there is none, or when it would not be one
 * backup with what is read from now on: asked for otherwise, objects missing, or an oplog that does not hold what it saw.
 * The caller forgets the key. Throws what vault and source throw when they are out of reach.
 */
export async function findInterrupted(options: SnapshotOptions, place: BackupPlace): Promise<Interrupted | undefined> {
  const { source, oplog } = options;
  const left = await openInterrupted(options.vault, place);
  const found = left.flatMap((each) => read(each) ?? []);
  const [newest] = found.toSorted((a, b) => (a.begun.startedAt < b.begun.startedAt ? 1 : -1));
  let chosen: Interrupted | undefined;
  try {
    const usable =
      newest &&
      asked(newest, options) &&
      (await holds(oplog, newest.begun.seen)) &&
      (await holds(oplog, newest.reached));
    chosen = usable ? await here(newest, source) : undefined;
    return chosen;
  } finally {
    for (const { key } of left) if (key !== chosen?.key) key.forget();
  }
}

function read(left: InterruptedAttempt): Interrupted | undefined {
  const parsed = z.array(Checkpoint).safeParse(left.checkpoints);
  const [begun, last] = parsed.success ? [parsed.data[0]?.begun, parsed.data.at(-1)] : [];
  if (!parsed.success || !begun || !last) return undefined;
  const segments = parsed.data.flatMap((checkpoint) => checkpoint.segments.map(segmentOf));
  if (segments.some(({ record }) => !left.objects.has(record.key))) return undefined;
  const readings = last.readings.flatMap(({ collection: at, ...kept }): Reading[] => {
    const collection = begun.scope.collections[at];
    const state = kept.ranges.every((range) => range.kept === 'all') ? 'done' : 'open';
    return collection ? [{ collection, ...kept, state }] : [];
  });
  if (readings.length !== begun.scope.collections.length) return undefined;
  const { attempt, key } = left;
  const { readFrom, reached, nextNumber } = last;
  const counts = { checkpoints: parsed.data.length, firstIndex: firstIndexAfter(left.objects) };
  return { attempt, key, begun, readFrom, reached, nextNumber, readings, segments, ...counts };
}

function segmentOf({ record, words }: Checkpoint['segments'][number]): StoredSegment {
  const contents = record.kind === 'documents' ? record.contents : [];
  return { record, tallies: contents.map((content, at) => ({ ...content, words: words[at] ?? new Uint32Array(4) })) };
}

/** A crash leaves segments that no checkpoint knows. Nothing is ever written in their place. */
function firstIndexAfter(objects: ReadonlySet<string>): Interrupted['firstIndex'] {
  const first = { documents: 0, oplog: 0 };
  for (const object of objects) {
    const segment = segmentIn(object);
    if (segment) first[segment.kind] = Math.max(first[segment.kind], segment.index + 1);
  }
  return first;
}

/** Whether it was asked for as now. */
const asked = ({ begun }: Interrupted, { databases, lock }: SnapshotOptions): boolean =>
  canonicalJson([begun.wanted, begun.lock]) === canonicalJson([databases, { mode: lock.mode, days: lock.days }]);

async function holds(oplog: OplogSource, time: OplogTime): Promise<boolean> {
  try {
    await oplog.entryAt(time);
    return true;
  } catch (thrown) {
    if (asDrError(thrown).code === 'SOURCE_CHANGED') return false;
    throw thrown;
  }
}

/**
 * Positions in storage order are a member's own: read from another one, or from one that rolled back, such a collection
 * begins anew. So does one of which nobody knows how much was kept.
 */
async function here(found: Interrupted, source: SnapshotSource): Promise<Interrupted> {
  const { member, rollbackId } = found.readFrom;
  const same = source.member === member && (await source.rollbackId()) === rollbackId;
  let { nextNumber } = found;
  for (const reading of found.readings) {
    const lost = reading.ranges.some(
      ({ range, kept }) => kept === 'unknown' || (range.kind === 'all' && typeof kept === 'object' && !same),
    );
    if (!lost) continue;
    beginAnew(reading, nextNumber);
    nextNumber += 1;
  }
  return { ...found, nextNumber };
}
