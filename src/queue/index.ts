/** How work gets started: written into the journal first, then waked; found by a sweep when no wake arrives. */
export { type Enqueueable, type EnqueueParts, enqueue } from './enqueue.ts';
export { createReconciler, type Reconciler, type ReconcilerOptions } from './reconciler.ts';
export { defineSchedule, lastDue, nextDue, type Occurrence, type Schedule } from './schedule.ts';
export { openSchedules, ScheduleState } from './schedule-state.ts';
export { createScheduler, type Scheduler, type SchedulerOptions } from './scheduler.ts';
