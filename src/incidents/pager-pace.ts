import type { Pager } from '#ports';

/** The pager takes about 120 a minute for one key of its; half of it is left for others and for what ends incidents. */
const A_MINUTE = 60;
/** So many in one round: a hundred calls of a second each would hold up the next round. */
const A_ROUND = 20;

const taken = new WeakMap<Pager, number[]>();

/**
 * How much room there is for calls now. It is this process's own count and lost with it; the worst that comes of that is one
 * refusal for too many calls, which is tried again.
 */
export function roomFor(pager: Pager, nowMs: number): { left(): number; take(): void } {
  const recent = (taken.get(pager) ?? []).filter((ms) => ms > nowMs - 60_000);
  taken.set(pager, recent);
  const room = Math.min(A_ROUND, A_MINUTE - recent.length);
  return { left: () => room, take: () => void recent.push(nowMs) };
}
