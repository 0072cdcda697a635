import type { Clock } from '#core';

/**
 * Does something every `everyMs` from now on, by the monotonic clock and without drift: the tenth time begins nine times
 * `everyMs` after the first, however long each took. What takes longer than that leaves times out; never two at once. What
 * it throws goes to `onFailure`. Resolves when the signal has ended it.
 */
export async function keepTime(
  everyMs: number,
  work: () => Promise<unknown>,
  parts: { readonly clock: Clock; readonly signal: AbortSignal; readonly onFailure: (error: unknown) => void },
): Promise<void> {
  const { clock, signal, onFailure } = parts;
  const firstMs = clock.monotonicMs();
  for (let turn = 0; !signal.aborted; ) {
    await work().catch(onFailure);
    turn = Math.max(turn + 1, Math.ceil((clock.monotonicMs() - firstMs) / everyMs));
    await clock.sleep(Math.max(0, firstMs + turn * everyMs - clock.monotonicMs()), signal).catch(() => undefined);
  }
}
