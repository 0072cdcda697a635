import type { Clock } from '#core';
import type { Leases } from '#ports';
import type { Locks } from './exclusive-lock.ts';
import type { HeldLease } from './held-lease.ts';
import type { FencedJournal, Journal } from './journal.ts';
import type { Tell } from './run-events.ts';
import type { RunRecord } from './run-record.ts';

/** What a worker needs to carry runs. */
export interface RunnerDeps<World> {
  readonly journal: Journal;
  readonly locks: Locks;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly worker: string;
  readonly world: World;
  readonly tell: Tell;
  /**
   * Asked once, right before the first step: do the approvals and the preview still hold? Throws PREVIEW_VOID,
   * APPROVAL_INVALID, PLAN_CHANGED ... and then the run is refused and nothing was changed.
   */
  readonly beforeStart: (run: RunRecord) => Promise<void>;
}

/** A runner that holds one run. */
export interface Carrier<World> extends Omit<RunnerDeps<World>, 'journal'> {
  readonly journal: FencedJournal;
  readonly lease: HeldLease;
}
