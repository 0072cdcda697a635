import type { Clock, Region } from '#core';
import type { Plan } from '#plan';
import type { ControlStore, History, Leases } from '#ports';
import type { Finding } from './finding.ts';
import type { Probe } from './probe.ts';

/** What a detector stands on. Neither the queue nor what is protected is among it. */
export interface DetectorWorld {
  readonly plan: Plan;
  /** From where it looks. */
  readonly region: Region;
  /** Unique for this process. */
  readonly holder: string;
  readonly store: ControlStore;
  readonly leases: Leases;
  readonly history: History;
  readonly clock: Clock;
  readonly probes: readonly Probe[];
  /** Told everything that is wrong after each judgement: the same again while it lasts. Idempotent by key. */
  readonly onFindings: (findings: readonly Finding[]) => Promise<void>;
  readonly onTrouble: (what: string, error: unknown) => void;
}
