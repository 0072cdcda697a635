import { type Clock, documentsOf } from '#core';
import type { DocumentBatch } from '#ports';
import { CollectionHash } from '#vault';

export interface Pace {
  readonly bytesPerSecond: number;
  /** Resolves when so many more bytes may have been read. */
  spend(bytes: number, signal: AbortSignal): Promise<void>;
}

/** All readers together read no faster than that; undefined: as fast as it comes. */
export function startPace(limit: number | undefined, clock: Clock): Pace {
  if (limit === undefined) return { bytesPerSecond: Number.POSITIVE_INFINITY, spend: async () => undefined };
  let freeAtMs = clock.monotonicMs();
  return {
    bytesPerSecond: limit,
    spend: async (bytes, signal) => {
      const nowMs = clock.monotonicMs();
      freeAtMs = Math.max(freeAtMs, nowMs) + (bytes / limit) * 1000;
      await clock.sleep(freeAtMs - nowMs, signal);
    },
  };
}

/** Counts and hashes documents, whatever their order. */
export async function hashPart(
  batches: AsyncIterable<DocumentBatch>,
  pace: Pace,
  signal: AbortSignal,
): Promise<{ readonly documents: number; readonly bytes: number; readonly hash: string }> {
  const hash = new CollectionHash();
  let documents = 0;
  let bytes = 0;
  for await (const batch of batches) {
    for (const document of documentsOf(batch.documents)) hash.add(document);
    documents += batch.count;
    bytes += batch.documents.length;
    await pace.spend(batch.documents.length, signal);
  }
  return { documents, bytes, hash: hash.digest() };
}
