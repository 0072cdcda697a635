import type { Seeded } from '../e2e/scenarios/seeded.ts';

/** What all rounds of a case share, started. */
export interface SoakGround {
  /** Returns what did not hold. */
  readonly round: (random: Seeded, note: (what: string) => void) => Promise<string[]>;
  readonly stop: () => Promise<void>;
}
