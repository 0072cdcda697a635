import type { Clock } from './clock.ts';

/**
 * The answer, or what `late` makes of it when it takes longer than `ms`. What was asked may go on; nobody reads its answer
 * any more, and a failure that comes after that does not end the process as unhandled.
 */
export async function within<T>(
  answer: Promise<T>,
  { clock, ms, late }: { readonly clock: Clock; readonly ms: number; readonly late: () => Error },
): Promise<T> {
  const answered = new AbortController();
  const over = clock.sleep(ms, answered.signal).then(() => {
    throw late();
  });
  over.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, over]);
  } finally {
    answered.abort();
  }
}
