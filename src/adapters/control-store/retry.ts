import {
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { type Clock, DrError, type RandomBytes } from '#core';

/**
 * Runs a call until it has an answer. `attempt` counts from 1: from the second on, an earlier try may have happened
 * without our knowing. Throws STORE_UNAVAILABLE (transient) when the deadline passes, and what `call` threw when a
 * repetition can't help.
 */
export type Retry = <T>(call: (attempt: number) => Promise<T>) => Promise<T>;

interface RetryOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly deadlineMs: number;
  /**
   * Connects anew. A driver client whose first connection fails has closed itself and never tries again by itself: a
   * process that started while the store was down would be deaf for ever. Undefined once it was closed on purpose.
   */
  readonly reopen: () => (() => Promise<unknown>) | undefined;
}

export function createRetry({ clock, random, deadlineMs, reopen }: RetryOptions): Retry {
  return async (call) => {
    const endsAt = clock.monotonicMs() + deadlineMs;
    for (let attempt = 1; ; attempt += 1) {
      const leftMs = endsAt - clock.monotonicMs();
      try {
        return await within(call(attempt), leftMs);
      } catch (thrown) {
        const again = thrown instanceof MongoTopologyClosedError ? reopen() : undefined;
        if (!again && !mayWorkLater(thrown)) throw translated(thrown);
        await again?.().catch(() => undefined);
        // Jitter, because all processes of a region lose the same primary in the same moment.
        const pauseMs = 50 + (random(1)[0] ?? 0);
        if (clock.monotonicMs() + pauseMs >= endsAt) throw unavailable(thrown);
        await clock.sleep(pauseMs);
      }
    }
  };
}

/** A last guard behind the driver's own timeouts, which bound each exchange but not their sum. */
async function within<T>(call: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError()), Math.max(1, ms));
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

class LateError extends MongoError {
  constructor() {
    super('no answer within the deadline');
  }
}

/** Server codes that an election, a shutdown or a slow majority gives; the state they tell of passes. */
const PASSING_CODES = new Set([
  6, 7, 50, 64, 89, 91, 94, 112, 134, 189, 262, 290, 317, 358, 384, 9001, 10058, 10107, 11600, 11602, 13435, 13436,
]);

function mayWorkLater(thrown: unknown): boolean {
  if (thrown instanceof MongoServerError) {
    return PASSING_CODES.has(Number(thrown.code)) || thrown.hasErrorLabel('RetryableWriteError');
  }
  if (thrown instanceof DrError) return thrown.kind === 'transient';
  return (
    thrown instanceof MongoNetworkError ||
    thrown instanceof MongoServerSelectionError ||
    thrown instanceof LateError ||
    (thrown instanceof MongoError && /PoolCleared|WaitQueueTimeout/.test(thrown.name))
  );
}

const unavailable = (cause: unknown): DrError =>
  new DrError('STORE_UNAVAILABLE', 'transient', 'The control store does not answer.', {
    cause,
    hint: 'Two of its three members must be up. What was asked is not lost: it is tried again.',
  });

function translated(thrown: unknown): unknown {
  if (!(thrown instanceof MongoError)) return thrown;
  if (/Closed|NotConnected/.test(thrown.name)) return unavailable(thrown);
  return new DrError('STORE_UNAVAILABLE', 'permanent', `The control store refused: ${thrown.message}`, {
    cause: thrown,
    hint: 'Check the user and the rights in CONTROL_MONGODB_URI.',
  });
}
