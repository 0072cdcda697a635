import { type Clock, DrError, documentsOf, type RawDocument, requiredElement, stringOf, within } from '#core';
import { compareOplogTimes, formatOplogTime, type OplogSource, type OplogTime } from '#ports';
import { type Databases, earlierParts, entryTerm, entryTime, isKept, swappedIn } from '#vault';
import type { SegmentWriter } from './segment-writer.ts';

/** A source that says nothing for so long, not even that there is nothing new, is left for another, in ms. */
const SILENT_MS = 10_000;

export interface FollowOptions {
  readonly source: OplogSource;
  readonly writer: SegmentWriter;
  readonly databases: Databases;
  /** Where Holdfast writes its marks: they are waited for, and not kept. */
  readonly canary?: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called between batches: makes durable what is due. */
  flushIfDue(): Promise<void>;
}

/** Restored data was swapped in at this entry: the history before and after it do not belong together. */
export interface SwapSeen {
  readonly at: OplogTime;
  readonly term: number;
}

/**
 * Takes in entries from where the writer stands, one member's oplog after the other's. Returns when a swap is met,
 * what came before it taken in. Throws SOURCE_CHANGED (permanent) when the oplog no longer has the entry at which it goes on, or has another
 * one there; DATABASE_UNAVAILABLE (transient) when the member fails or falls silent; the signal's reason.
 */
export async function followSource(options: FollowOptions): Promise<SwapSeen> {
  const { source, writer, databases, canary, clock, signal } = options;
  const start = writer.reached;
  const entries = source.follow(start.time, signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const batch = await within(entries.next(), { clock, ms: SILENT_MS, late: silent });
      if (batch.done) throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'The member ended the reading.');
      for (const entry of documentsOf(batch.value)) {
        const at = entryTime(entry);
        const term = entryTerm(entry);
        if (compareOplogTimes(at, writer.reached.time) <= 0) {
          if (compareOplogTimes(at, start.time) === 0 && start.term >= 0 && term !== start.term) throw diverged(at);
          continue;
        }
        if (isKept(entry, databases)) {
          if (swappedIn(entry) !== undefined) return { at, term };
          // what was written of a transaction before this reading began may be in no segment: a timeline may begin here
          for (const part of await earlierParts(source.entryAt, entry, start.time)) writer.append(part);
          writer.append(entry);
        }
        writer.reach(at, term);
        if (canary !== undefined && isIn(entry, canary)) writer.hurry();
        if (writer.isDue()) await options.flushIfDue();
      }
      await options.flushIfDue();
    }
  } finally {
    // not awaited: a member that is frozen answers this neither
    void Promise.resolve(entries.return?.(undefined)).catch(() => undefined);
  }
}

const isIn = (entry: RawDocument, namespace: string): boolean => stringOf(requiredElement(entry, 'ns')) === namespace;

const silent = (): DrError =>
  new DrError('DATABASE_UNAVAILABLE', 'transient', `The member said nothing for ${SILENT_MS / 1000} s.`);

const diverged = (at: OplogTime): DrError =>
  new DrError('SOURCE_CHANGED', 'permanent', `The servers have another entry at ${formatOplogTime(at)}.`, {
    data: { reason: 'diverged' },
  });
