import type { Clock } from '#core';

/** A wait that can be cut short by news. News that comes while nobody waits ends the next wait at once. */
export interface Waker {
  /** Resolves after `ms`, on news, or when stopped. */
  wait(ms: number, stopped: AbortSignal): Promise<void>;
  wake(): void;
}

export function createWaker(clock: Clock): Waker {
  let news = false;
  let waiting: AbortController | undefined;
  return {
    wait: async (ms, stopped) => {
      if (news || stopped.aborted) {
        news = false;
        return;
      }
      waiting = new AbortController();
      try {
        await clock.sleep(ms, AbortSignal.any([waiting.signal, stopped]));
      } catch {
        // Only the two signals reject it, and both mean the same: look now.
      }
      waiting = undefined;
      news = false;
    },
    wake: () => {
      news = true;
      waiting?.abort();
    },
  };
}
