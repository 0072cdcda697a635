import { z } from 'zod';
import type { ControlStore, Records } from '#ports';

/** An occurrence that a process has taken on. */
export const Taken = z.object({
  dueAt: z.date(),
  missed: z.array(z.date()),
  by: z.string(),
  tries: z.number().int(),
  startedAt: z.date(),
  /** From then on another process may take it over: this one died, or failed and waits for its next try. */
  until: z.date(),
});

/** What is known of a schedule, by the store's clock. No queue and no process remembers anything of it. */
export const ScheduleState = z.object({
  /** The schedule's name. */
  id: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  nextDueAt: z.date(),
  taken: Taken.optional(),
  lastDueAt: z.date().optional(),
  lastStartedAt: z.date().optional(),
  lastEndedAt: z.date().optional(),
  lastFailure: z.object({ at: z.date(), message: z.string() }).optional(),
  /** The newest times that nobody served, oldest first. */
  missed: z.array(z.date()),
  /** The occurrence whose lateness was told. */
  lateToldFor: z.date().optional(),
});
export type ScheduleState = z.output<typeof ScheduleState>;

export const openSchedules = (store: ControlStore): Records<ScheduleState> => store.records('schedules', ScheduleState);
