import { z } from 'zod';
import type { RawDocument } from '#core';

/** A position in the oplog: the server's logical clock, seconds and a counter within them. Grows with every entry. */
export const OplogTime = z.object({ seconds: z.number().int(), increment: z.number().int() });
export type OplogTime = z.output<typeof OplogTime>;

/** Negative when `a` comes first. */
export const compareOplogTimes = (a: OplogTime, b: OplogTime): number =>
  a.seconds - b.seconds || a.increment - b.increment;

/** `1795502002:18`, as the server's own logs write it. */
export const formatOplogTime = (time: OplogTime): string => `${time.seconds}:${time.increment}`;

/**
 * The oplog of the protected replica set, as bytes. Only entries that a majority holds are seen: others may be
 * rolled back and must never reach a backup. Any call may throw DATABASE_UNAVAILABLE (transient) or
 * DATABASE_REFUSED (permanent; a right is missing).
 */
export interface OplogSource {
  /** The newest position that a majority holds, as the primary knows it. */
  majorityTime(): Promise<OplogTime>;
  /** The oldest position that is still there. */
  oldestTime(): Promise<OplogTime>;
  /** The entry at exactly that time. Throws SOURCE_CHANGED (permanent) when it is no longer there. */
  entryAt(time: OplogTime): Promise<RawDocument>;
  /**
   * Entries from `from` on, inclusive, in order, as batches of one or more whole documents one after the other; an
   * empty batch says that nothing new came for about a second. Goes on until the caller stops.
   * Throws SOURCE_CHANGED (permanent) when the entry at `from` is no longer there: what is missing is a gap.
   */
  follow(from: OplogTime, signal: AbortSignal): AsyncIterable<Buffer>;
}
