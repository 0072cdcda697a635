import { DrError } from '#core';

const HINT = 'Runs go on: workers look into the journal every second.';

/** The answer, or QUEUE_UNAVAILABLE (transient) after `ms` or for what Redis threw. The work itself may still happen. */
export async function answersWithin<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    throw new DrError('QUEUE_UNAVAILABLE', 'transient', 'The queue does not answer.', { cause, hint: HINT });
  } finally {
    clearTimeout(timer);
  }
}
