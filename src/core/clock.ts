import { setTimeout as delay } from 'node:timers/promises';

/**
 * Time, passed in. `now` is this machine's wall clock, for showing; leases and deadlines use the control
 * store's clock instead, because two machines never agree. Durations use `monotonicMs`, which no
 * administrator and no leap second can set back.
 */
export interface Clock {
  now(): Date;
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {});
  },
};
