import type { Clock } from '#core';

/**
 * One answer for all who ask within `ms` of each other: a round's probes that read the same thing ask once. What it throws
 * is everybody's answer too.
 */
export function askedOnce<T>(ask: () => Promise<T>, { clock, ms }: { readonly clock: Clock; readonly ms: number }) {
  let last: { readonly atMs: number; readonly answer: Promise<T> } | undefined;
  return (): Promise<T> => {
    const nowMs = clock.monotonicMs();
    if (!last || nowMs - last.atMs >= ms) {
      last = { atMs: nowMs, answer: ask() };
      last.answer.catch(() => undefined);
    }
    return last.answer;
  };
}
