import type { Clock } from '#core';
import type { DocumentBatch, SnapshotSource } from '#ports';

export interface Pace {
  /** Of documents as the source sends them, all readers together. */
  readonly bytesPerSecond: number;
  readonly clock: Clock;
}

/**
 * The same source, read no faster than that: a secondary that serves reports, or the line to it, has to carry more than
 * its backup. The wait comes before the next reply is asked for, so nothing piles up; a source that is slower anyway is
 * not held up, and time it lost is not made up for by a burst. A wait ends with the reading's signal.
 */
export function pacedSource(source: SnapshotSource, { bytesPerSecond, clock }: Pace): SnapshotSource {
  let freeAtMs = clock.monotonicMs();
  /** Takes its turn at once, so that two readers do not spend the same allowance. */
  const spend = (bytes: number): number => {
    const nowMs = clock.monotonicMs();
    freeAtMs = Math.max(freeAtMs, nowMs) + (bytes / bytesPerSecond) * 1000;
    return freeAtMs - nowMs;
  };
  async function* paced(batches: AsyncIterable<DocumentBatch>, signal: AbortSignal): AsyncGenerator<DocumentBatch> {
    for await (const batch of batches) {
      const waitMs = spend(batch.documents.length);
      yield batch;
      await clock.sleep(waitMs, signal);
    }
  }
  return {
    ...source,
    read: (collection, range, since, signal) => paced(source.read(collection, range, since, signal), signal),
    readByIds: (collection, ids, since, signal) => paced(source.readByIds(collection, ids, since, signal), signal),
  };
}
