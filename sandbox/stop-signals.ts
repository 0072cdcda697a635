import { setTimeout as sleep } from 'node:timers/promises';
import { killEverything } from '#sandbox/servers';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SAME_PRESS_MS = 500;

/**
 * The first Ctrl-C runs `stop` and ends this process when it is through, or after `withinMs` at the latest; the second
 * ends it at once. What is still running then is killed by the servers' reaper, so nothing is left either way.
 */
export function stopOnSignal(stop: () => Promise<void>, withinMs = 5000): void {
  let askedAt: number | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // npm hands on the Ctrl-C that the terminal sent us already: one press must not count as two
      if (askedAt !== undefined && performance.now() - askedAt < SAME_PRESS_MS) return;
      if (askedAt !== undefined) leave(130);
      askedAt = performance.now();
      const late = sleep(withinMs, false, { ref: true });
      Promise.race([stop().then(() => true), late]).then(
        (clean) => leave(clean ? 0 : 130),
        (error) => {
          console.error(error);
          leave(1);
        },
      );
    });
  }
}

function leave(code: number): never {
  killEverything();
  process.exit(code);
}
