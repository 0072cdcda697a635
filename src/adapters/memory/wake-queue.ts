import { DrError } from '#core';
import type { Wake, WakeQueue } from '#ports';

/** A wake queue in this process. `setAlive(false)` is a dead queue: wakes are refused, and lost ones stay lost. */
export interface MemoryWakeQueue extends WakeQueue {
  setAlive(alive: boolean): void;
}

export function memoryWakeQueue(): MemoryWakeQueue {
  const listeners = new Set<(wake: Wake) => Promise<void>>();
  const waiting: Wake[] = [];
  let alive = true;
  const deliver = (): void => {
    if (!alive) return;
    const [listener] = listeners;
    if (!listener) return;
    for (const wake of waiting.splice(0)) {
      // What a listener throws is its own affair, as with the real queue; the sweep finds the run again.
      queueMicrotask(() => void listener(wake).catch(() => undefined));
    }
  };
  return {
    wake: async (wake) => {
      if (!alive) throw new DrError('QUEUE_UNAVAILABLE', 'transient', 'The queue does not answer.');
      waiting.push(wake);
      deliver();
    },
    listen: async (onWake) => {
      listeners.add(onWake);
      deliver();
    },
    isAlive: async () => alive,
    close: async () => listeners.clear(),
    setAlive: (next) => {
      alive = next;
      deliver();
    },
  };
}
