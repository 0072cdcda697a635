/**
 * Does the same work in several lanes at once. The first lane that fails ends the others through their signal, and its
 * error is thrown once all have come to an end: none goes on writing behind the caller's back.
 */
export async function inLanes(
  lanes: number,
  ended: AbortSignal,
  laneOf: (signal: AbortSignal) => () => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([ended, failed.signal]);
  const running = Array.from({ length: lanes }, () =>
    laneOf(signal)().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(running);
  const first = results.find((result) => result.status === 'rejected');
  if (first) throw failed.signal.aborted ? failed.signal.reason : first.reason;
}
