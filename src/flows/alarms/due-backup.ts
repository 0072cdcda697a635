import type { Plan } from '#plan';
import { lastDue, nextDue, type ScheduleState } from '#queue';

/** A backup that should have been there by now: since when it was due, and since when it is late. */
export interface DueBackup {
  readonly dueAt: Date;
  readonly lateAt: Date;
}

/** The full backup's calendar: at the beginning of its window, by the plan's clocks. */
export function fullTimes({ mongodb, timeZone }: Plan): { cron: string; endCron: string; timeZone: string } {
  const [from = '', to = ''] = mongodb.snapshots.fullWindow.split('-');
  const daily = (clock: string): string => {
    const [hour, minute] = clock.split(':').map(Number);
    return `${minute} ${hour} * * *`;
  };
  return { cron: daily(from), endCron: daily(to), timeZone };
}

/** So many times back are looked at: a plan may have the next one due long before the last one is late. */
const MOST_LOOKED_AT = 50;

/** Who answers for a calendar, and since when. */
export interface Kept {
  /** What the scheduler remembers. */
  readonly state: ScheduleState | undefined;
  /** The oldest backup there is: whoever took it was there already. */
  readonly oldest?: Date | undefined;
}

/**
 * The newest time whose backup has to be there by now, if it was one of ours: times before anybody kept the calendar were
 * nobody's. What is late stays late when the next one is due. A scheduler that is dead
 * remembers an old time as its next, so that its silence counts.
 */
function newestLate(
  times: { readonly cron: string; readonly timeZone: string },
  lateAt: (dueAt: Date) => Date,
  { state, oldest }: Kept,
  now: Date,
): DueBackup | undefined {
  const served = state?.lastDueAt ?? state?.nextDueAt;
  const first = served && oldest ? (oldest < served ? oldest : served) : served;
  if (!first) return undefined;
  let dueAt = lastDue(times, now);
  for (let looked = 0; looked < MOST_LOOKED_AT && dueAt >= first; looked += 1) {
    const late = lateAt(dueAt);
    if (late <= now) return { dueAt, lateAt: late };
    dueAt = lastDue(times, new Date(dueAt.getTime() - 1));
  }
  return undefined;
}

/** The full backup: late once its window is over, by the plan's clocks also where they are set that night. */
export function dueFull(plan: Plan, kept: Kept, now: Date): DueBackup | undefined {
  const { endCron, ...times } = fullTimes(plan);
  const windowEnd = (dueAt: Date): Date => nextDue({ cron: endCron, timeZone: plan.timeZone }, dueAt);
  return newestLate(times, windowEnd, kept, now);
}

/** The backup of changes. */
export function dueChanges(plan: Plan, kept: Kept, now: Date): DueBackup | undefined {
  const { mongodb, timeZone } = plan;
  const graceMs = mongodb.alarms.changesLateMinutes * 60_000;
  const late = (dueAt: Date): Date => new Date(dueAt.getTime() + graceMs);
  return newestLate({ cron: mongodb.snapshots.changes, timeZone }, late, kept, now);
}
