import { type Clock, type Logger, repeat } from '#core';

/**
 * Does something again and again, never twice at once, until stopped. What it throws is logged: a sweep that fails
 * once is made good by the next.
 */
export function every(
  ms: number,
  what: string,
  work: () => Promise<unknown>,
  { clock, logger }: { clock: Clock; logger: Logger },
): () => Promise<void> {
  const ended = new AbortController();
  const onFailure = (error: unknown): void => logger.warn({ err: error }, `${what} failed; it is tried again`);
  const running = repeat(ms, work, { clock, signal: ended.signal, onFailure });
  return async () => {
    ended.abort();
    await running;
  };
}
