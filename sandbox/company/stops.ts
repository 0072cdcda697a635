import { setTimeout as sleep } from 'node:timers/promises';

/** `ours` end first, while their servers still answer them; then the `servers`. */
export type StopPhase = 'ours' | 'servers';

/** All of it has 5 s at Ctrl-C, and databases need their part of them to end cleanly. */
const OURS_FIRST_MS = 2000;

/** Stops what was started, phase by phase, each side by side. */
export interface Stops {
  add(phase: StopPhase, stop: () => Promise<void>): void;
  /** Idempotent. One that fails does not keep the others running; its error is thrown at the end. */
  stop(): Promise<void>;
}

export function createStops(): Stops {
  const phases: Record<StopPhase, (() => Promise<void>)[]> = { ours: [], servers: [] };
  return {
    add(phase, stop) {
      phases[phase].push(stop);
    },
    async stop() {
      const begin = (phase: StopPhase) => phases[phase].splice(0).map((each) => each());
      const ours = begin('ours');
      await Promise.race([Promise.allSettled(ours), sleep(OURS_FIRST_MS)]);
      const ended = await Promise.allSettled([...ours, ...begin('servers')]);
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
