import { DrError } from '#core';
import type { Journal } from '#workflow';

export const crash = new Error('the process is gone');

/** A worker that dies at its n-th journal write, before or after the write arrived; from then on it does nothing. */
export function dyingAt(write: number, when: 'before' | 'after'): (journal: Journal) => Journal {
  let left = write;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw crash;
  };
  return (journal) => ({
    ...journal,
    get: async (id) => (dead ? die() : journal.get(id)),
    replace: async (seen, next) => {
      if (dead) die();
      left -= 1;
      if (left === 0 && when === 'before') die();
      const replaced = await journal.replace(seen, next);
      return left === 0 ? die() : replaced;
    },
  });
}

/**
 * How a call that changes the world goes wrong, once: the worker dies before or after it had its effect; it fails, having had it
 * or not; or nobody hears of it again.
 */
export const WAYS = ['die before', 'die after', 'fail before', 'fail after', 'hang before', 'hang after'] as const;
export type Way = (typeof WAYS)[number];

/** A worker whose n-th changing call goes wrong. `breaking` wraps each port; `journal` is that worker's. */
export function breakingAtCall(call: number, way: Way) {
  let left = call;
  let dead = false;
  const breaking = <Port extends object>(port: Port, names: readonly string[]): Port =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function' || !names.includes(String(name))) return value;
        return async (...args: unknown[]) => {
          if (dead) throw crash;
          left -= 1;
          const goesWrong = left === 0;
          if (goesWrong && way.startsWith('die')) dead = true;
          if (goesWrong && way.endsWith('before')) return wrong(way);
          const result: unknown = await Reflect.apply(value, target, args);
          return goesWrong ? wrong(way) : result;
        };
      },
    });
  /** The dead worker's journal: whatever it wants to write about its own death does not arrive. */
  const journal = (real: Journal): Journal => ({
    ...real,
    get: async (id) => (dead ? Promise.reject(crash) : real.get(id)),
    replace: async (seen, next) => (dead ? Promise.reject(crash) : real.replace(seen, next)),
  });
  return { breaking, journal, broke: () => left <= 0 };
}

async function wrong(way: Way): Promise<never> {
  if (way.startsWith('die')) throw crash;
  if (way.startsWith('hang')) return new Promise<never>(() => undefined);
  throw new DrError('DATABASE_UNAVAILABLE', 'transient', 'The connection broke.');
}
