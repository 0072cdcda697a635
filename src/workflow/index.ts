/** The durable step primitive: a workflow is a list of steps, a run its journaled execution. */

export type { RunnerDeps } from './carrier.ts';
export * from './define-workflow.ts';
export { type Locks, lockHolder, openLocks } from './exclusive-lock.ts';
export { executeRun } from './execute-run.ts';
export { type HeldLease, holdLease, LEASE_TTL_MS } from './held-lease.ts';
export { holdPointNamed, type NamedStep } from './hold-points.ts';
export {
  createRun,
  demandClose,
  demandCommit,
  demandGoOn,
  demandHold,
  demandHoldAt,
  demandStop,
  dueRuns,
  type Journal,
  newestDone,
  openJournal,
  readRun,
} from './journal.ts';
export { eventKey, type RunEvent, type Tell } from './run-events.ts';
export * from './run-record.ts';
export { type StepHistory, stepHistory } from './step-history.ts';
