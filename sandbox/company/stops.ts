/** `ours` end first, while their servers still answer them; then the `servers`. */
export type StopPhase = 'ours' | 'servers';

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
      const errors: unknown[] = [];
      for (const phase of [phases.ours, phases.servers]) {
        const ended = await Promise.allSettled(phase.splice(0).map((each) => each()));
        errors.push(...ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])));
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
