import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks `look` every `everyMs` until it returns something other than undefined or false.
 * Errors thrown by `look` count as "not yet"; the last one becomes the cause.
 * @throws Error naming `what` when `withinMs` has passed
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { withinMs = 30_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  do {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      cause = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`Not within ${withinMs} ms: ${what}`, { cause });
}
