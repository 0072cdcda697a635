import { asDrError, type Clock, DrError, formatDuration, type Text } from '#core';

/** Somebody has to be found, and to find what may go. */
const WAIT = { everyMs: 15_000, forMs: 3_600_000 };

/**
 * Does a piece of work that goes on where it was, again and again while a disk is full, so that it ends by itself once
 * somebody made room. Throws DISK_FULL (permanent) after an hour, and whatever else the work throws.
 */
export async function waitForRoom<T>(
  context: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    report(progress: { readonly text: Text }): void;
  },
  work: () => Promise<T>,
  { everyMs, forMs } = WAIT,
): Promise<T> {
  const { clock, signal } = context;
  const startedMs = clock.monotonicMs();
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.code !== 'DISK_FULL') throw thrown;
      const waitedMs = clock.monotonicMs() - startedMs;
      if (waitedMs >= forMs) {
        const words = `No room was made in ${formatDuration(waitedMs)}. ${error.message}`;
        throw new DrError('DISK_FULL', 'permanent', words, { cause: thrown, hint: error.hint ?? '', data: error.data });
      }
      context.report({ text: [`WAITS for room. ${error.message} ${error.hint ?? ''} It goes on by itself.`] });
      await clock.sleep(everyMs, signal);
    }
  }
}
