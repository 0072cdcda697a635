import { documentsOf } from '#core';
import { compareOplogTimes, type OplogSource, type OplogTime } from '#ports';
import { type Databases, earlierParts, entryTime, isKept } from '#vault';
import { ChangedDocuments } from './changed-documents.ts';

export interface ChangedSinceOptions {
  readonly oplog: OplogSource;
  /** Entries after this one count. The oplog must still have it. */
  readonly from: OplogTime;
  /** Through this one. */
  readonly to: OplogTime;
  readonly databases: Databases;
  readonly signal: AbortSignal;
  /** What is held in memory at most. */
  readonly mostBytes?: number;
}

/**
 * Which documents were written in a stretch of the oplog, parts of transactions included that were written before it and
 * took effect in it. Throws SOURCE_CHANGED (permanent) when the oplog no longer reaches back to `from`.
 */
export async function changedSince(options: ChangedSinceOptions): Promise<ChangedDocuments> {
  const { oplog, from, to, databases, signal } = options;
  const changed = new ChangedDocuments(options.mostBytes);
  if (compareOplogTimes(from, to) >= 0) return changed;
  for await (const batch of oplog.follow(from, signal)) {
    for (const entry of documentsOf(batch)) {
      const at = entryTime(entry);
      if (compareOplogTimes(at, to) > 0) return changed;
      if (compareOplogTimes(at, from) > 0 && isKept(entry, databases)) {
        for (const earlier of await earlierParts(oplog.entryAt, entry, from)) changed.add(earlier);
        changed.add(entry);
      }
      if (compareOplogTimes(at, to) === 0) return changed;
    }
  }
  return changed;
}
