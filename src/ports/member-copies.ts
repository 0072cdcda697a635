import type { OplogTime } from './oplog-source.ts';
import type { DocumentBatch, ReadRange, SourceCatalog, SourceCollection } from './snapshot-source.ts';

/**
 * What single members of the protected replica set hold, to compare one with another. Throws DATABASE_UNAVAILABLE
 * (transient) and DATABASE_REFUSED (permanent).
 */
export interface MemberCopies {
  /** The newest position that a majority holds, as this member knows it. */
  majorityTime(host: string): Promise<OplogTime>;
  catalog(host: string, database: string): Promise<SourceCatalog>;
  /** `_id` values that cut the collection into about `parts` ranges; fewer, perhaps none, where that can't be. */
  splitPoints(host: string, collection: SourceCollection, parts: number): Promise<readonly Buffer[]>;
  /**
   * The documents of a range as they were at exactly this time; a capped collection's as they are, since no server reads
   * one at a past time. Waits for a member that is not so far yet. NOT_FOUND (permanent) when the collection is dropped,
   * SOURCE_CHANGED (transient) when it changed its name or the time is too long ago by now.
   */
  read(
    host: string,
    collection: SourceCollection,
    range: ReadRange,
    at: OplogTime,
    signal: AbortSignal,
  ): AsyncIterable<DocumentBatch>;
}
