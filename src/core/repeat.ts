import type { Clock } from './clock.ts';

/**
 * Does something again and again, never twice at once, `ms` after it ended, until `signal` ends it. What it throws goes to
 * `onFailure`: a failure is made good by the next time. Never rejects.
 */
export async function repeat(
  ms: number,
  work: () => Promise<unknown>,
  { clock, signal, onFailure }: { clock: Clock; signal: AbortSignal; onFailure: (error: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onFailure);
    await clock.sleep(ms, signal).catch(() => undefined);
  }
}
