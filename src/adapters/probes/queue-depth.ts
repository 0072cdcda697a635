import { Redis } from 'ioredis';
import { DrError, formatCount } from '#core';
import type { Look } from '#ports';

export interface QueueDepthLook {
  /** Whether Redis answers. Throws QUEUE_UNAVAILABLE (transient) within seconds. */
  readonly answers: () => Promise<unknown>;
  /** Whether workers take what waits. */
  readonly depth: Look;
  close(): void;
}

const WITHIN_MS = 2_000;

/** Asks the wake queue's Redis by a connection of its own, which comes back by itself and keeps nothing for later. */
export function queueDepthLook(options: {
  readonly redisUrl: string;
  /** The queue's list of what waits, `bull:holdfast-wake:wait`. */
  readonly list?: string;
  readonly most: number;
}): QueueDepthLook {
  const { redisUrl, list = 'bull:holdfast-wake:wait', most } = options;
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: WITHIN_MS,
    commandTimeout: WITHIN_MS,
    retryStrategy: () => 1_000,
  });
  // Each lost connection is an event; what is asked says so itself.
  redis.on('error', () => undefined);
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (cause) {
      throw new DrError('QUEUE_UNAVAILABLE', 'transient', 'Redis does not answer.', { cause });
    }
  };
  return {
    answers: () => ask(() => redis.ping()),
    depth: async () => {
      const waiting = await ask(() => redis.llen(list));
      const words = `${formatCount(waiting)} wakes wait, limit ${formatCount(most)}`;
      if (waiting < most) return { state: 'well', words: [words], numbers: { waiting } };
      return {
        state: 'failed',
        what: 'queue is not taken',
        words: [words],
        effect: ['Runs are still found in the journal, a second later each.'],
        hostile: false,
        numbers: { waiting },
      };
    },
    close: () => redis.disconnect(),
  };
}
