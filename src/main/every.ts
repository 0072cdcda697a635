import type { Clock, Logger } from '#core';

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
  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await work().catch((error: unknown) => logger.warn({ err: error }, `${what} failed; it is tried again`));
      await clock.sleep(ms, ended.signal).catch(() => undefined);
    }
  };
  const running = loop();
  return async () => {
    ended.abort();
    await running;
  };
}
