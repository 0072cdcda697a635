import type { Clock } from '#core';

/** Lets so many a second through for each name, and as many at once. Pure but for what it counts. */
export function createPace(aSecond: number, clock: Clock): (name: string) => boolean {
  const rooms = new Map<string, { room: number; atMs: number }>();
  return (name) => {
    const nowMs = clock.monotonicMs();
    const { room, atMs } = rooms.get(name) ?? { room: aSecond, atMs: nowMs };
    const now = Math.min(aSecond, room + ((nowMs - atMs) * aSecond) / 1_000);
    rooms.set(name, { room: now >= 1 ? now - 1 : now, atMs: nowMs });
    return now >= 1;
  };
}
