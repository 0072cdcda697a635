import type { Clock } from '#core';

/** A clock that stands still until it is moved. Sleepers wake in the order of their times. */
export interface SettableClock extends Clock {
  /** Moves time on and wakes who slept until then, letting each act before the next is woken. */
  advance(ms: number): Promise<void>;
  /** How many sleep now: a test that waits for "everybody is idle" looks here. */
  sleepers(): number;
}

interface Sleeper {
  readonly wakesAtMs: number;
  readonly wake: () => void;
}

/** Lets everything that is ready run: promise callbacks first, then what they started on the event loop. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

export function createSettableClock(start: Date): SettableClock {
  let passedMs = 0;
  const sleeping = new Set<Sleeper>();

  return {
    now: () => new Date(start.getTime() + passedMs),
    monotonicMs: () => passedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { wakesAtMs: passedMs + ms, wake: () => wake() };
        const stop = (): void => {
          sleeping.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          sleeping.delete(sleeper);
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        signal?.addEventListener('abort', stop, { once: true });
        sleeping.add(sleeper);
      }),
    advance: async (ms) => {
      const untilMs = passedMs + ms;
      await settle();
      for (;;) {
        const [next] = [...sleeping]
          .filter((each) => each.wakesAtMs <= untilMs)
          .sort((a, b) => a.wakesAtMs - b.wakesAtMs);
        if (!next) break;
        passedMs = Math.max(passedMs, next.wakesAtMs);
        next.wake();
        await settle();
      }
      passedMs = untilMs;
    },
    sleepers: () => sleeping.size,
  };
}
