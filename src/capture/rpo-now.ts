import type { RpoRecord } from './rpo-record.ts';

/** What would be lost now, as it was measured from a write to its place in the buckets. */
export type RpoNow =
  /** The age of the oldest write that is not known to be durable, in ms. */
  | { readonly measured: true; readonly ms: number }
  /** Nothing can be said since then. */
  | { readonly measured: false; readonly since: Date; readonly why: string };

/** Nobody has looked, or no canary was sent, for so long: what was measured stands for nothing any more, in ms. */
const STALE_MS = 15_000;

/**
 * While all canaries have arrived, the time the last one took: a write of now will take about as long, and a system in
 * which nobody writes loses nothing by getting older. While one is on its way for longer than that, its age: capture that
 * stands grows old, whatever it says. Undefined before the first canary. Pure.
 */
export function rpoNow({ pending, durable, failure, lookedAt }: RpoRecord, now: Date): RpoNow | undefined {
  const newest = pending.at(-1) ?? durable;
  const [oldest] = pending;
  if (!newest) return failure ? { measured: false, since: failure.since, why: failure.why } : undefined;
  const isOld = (at: Date): boolean => now.getTime() - at.getTime() > STALE_MS;
  if (lookedAt && isOld(lookedAt)) return { measured: false, since: lookedAt, why: 'no worker has looked since' };
  // one that is on its way says enough; without one, there must have been one a moment ago
  if (!oldest && isOld(newest.at)) {
    return { measured: false, since: newest.at, why: failure?.why ?? 'no canary was sent since' };
  }
  const took = durable ? durable.seenAt.getTime() - durable.at.getTime() : 0;
  return { measured: true, ms: Math.max(took, oldest ? now.getTime() - oldest.at.getTime() : 0, 0) };
}
