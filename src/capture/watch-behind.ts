import type { Clock } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';

/**
 * Measures what would be lost now: the age of the newest moment of which every write is durable. Each look notes how
 * far the servers are; once that far is durable, that moment is. So a clock of the servers plays no part, and a capture
 * that stands still grows old, whatever it says of itself.
 */
export function watchBehind(clock: Clock): {
  /** Notes how far a majority of the servers is now. */
  look(majority: OplogTime): void;
  /** All up to here is durable, or was looked at and belongs into no backup. */
  durable(through: OplogTime): void;
  /** In ms; undefined before the first look. */
  behindMs(): number | undefined;
  /** Whether the servers were further than `reached` for longer than `ms`: whoever follows them stands still. */
  isStale(reached: OplogTime, ms: number): boolean;
} {
  let looks: { atMs: number; majority: OplogTime }[] = [];
  let durableAtMs: number | undefined;
  return {
    look(majority) {
      const atMs = clock.monotonicMs();
      durableAtMs ??= atMs;
      looks.push({ atMs, majority });
    },
    durable(through) {
      const done = looks.findLast(({ majority }) => compareOplogTimes(majority, through) <= 0);
      if (!done) return;
      durableAtMs = done.atMs;
      looks = looks.filter(({ atMs }) => atMs > done.atMs);
    },
    behindMs: () => (durableAtMs === undefined ? undefined : clock.monotonicMs() - durableAtMs),
    isStale: (reached, ms) =>
      looks.some(({ atMs, majority }) => clock.monotonicMs() - atMs > ms && compareOplogTimes(majority, reached) > 0),
  };
}
