import { CronExpressionParser } from 'cron-parser';
import { IANAZone } from 'luxon';
import { DrError } from '#core';

/** One time at which a schedule is to do its work. */
export interface Occurrence {
  readonly dueAt: Date;
  /** The same for every try: `daily-full/2026-11-23T08:00:00.000Z`. */
  readonly key: string;
  /** Earlier times that nobody served (all processes were down): they are made good by this one, not repeated. */
  readonly missed: readonly Date[];
}

export interface Schedule {
  readonly name: string;
  /** Five fields, minute first. */
  readonly cron: string;
  /** The zone whose clocks and daylight saving the fields follow: `America/New_York`. */
  readonly timeZone: string;
  /** How long after its time an occurrence may still be unfinished before that is an alarm. */
  readonly lateAfterMs: number;
  /**
   * Starts the work; short, because what is long belongs into a run. Called again with the same `key` after a crash
   * or a failure, so it must be idempotent by that.
   */
  readonly start: (occurrence: Occurrence) => Promise<void>;
}

/** A checked schedule. Throws PLAN_INVALID (user) for a cron expression or a time zone that is none. */
export function defineSchedule(schedule: Schedule): Schedule {
  if (!IANAZone.isValidZone(schedule.timeZone)) {
    throw invalid(schedule, `"${schedule.timeZone}" is no time zone`, 'Use a name like America/New_York.');
  }
  try {
    if (schedule.cron.trim().split(/\s+/).length !== 5) throw new Error('it needs five fields');
    CronExpressionParser.parse(schedule.cron, { tz: schedule.timeZone });
  } catch (cause) {
    throw invalid(schedule, `"${schedule.cron}" is no schedule`, 'Five fields: minute hour day month weekday.', cause);
  }
  return schedule;
}

/**
 * The first time after `after`. Where clocks are set forward over it (02:30 does not exist), it comes an hour later
 * (03:30); where they are set back, an hour that happens twice counts once for a daily time, twice for an hourly one.
 */
export function nextDue({ cron, timeZone }: Pick<Schedule, 'cron' | 'timeZone'>, after: Date): Date {
  return CronExpressionParser.parse(cron, { currentDate: after, tz: timeZone }).next().toDate();
}

/**
 * The newest time at or before `now`, by the same reckoning as `nextDue`: backwards the parser takes the other of two hours
 * that are one, so it is only asked for a beginning.
 */
export function lastDue(times: Pick<Schedule, 'cron' | 'timeZone'>, now: Date): Date {
  const backwards = CronExpressionParser.parse(times.cron, { currentDate: now, tz: times.timeZone });
  backwards.prev();
  backwards.prev();
  let last = backwards.prev().toDate();
  for (let next = nextDue(times, last); next <= now; next = nextDue(times, last)) last = next;
  return last;
}

/** All times from `first` to `now`, the newest last; of very many only the newest thousand. */
export function dueUntil(schedule: Pick<Schedule, 'cron' | 'timeZone'>, first: Date, now: Date): Date[] {
  const times: Date[] = [];
  for (let due = first, count = 0; due <= now && count < 100_000; due = nextDue(schedule, due), count += 1) {
    times.push(due);
    if (times.length > 1000) times.shift();
  }
  return times;
}

function invalid(schedule: Schedule, why: string, hint: string, cause?: unknown): DrError {
  return new DrError('PLAN_INVALID', 'user', `Schedule ${schedule.name}: ${why}.`, { hint, cause });
}
