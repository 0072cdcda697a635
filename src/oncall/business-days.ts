import type { Plan } from '#plan';
import { dayIn, firstMoment, isoDay } from './clock-moment.ts';

/** A plan of holidays alone would never come to an end. */
const MOST_DAYS = 366;

/** As `Date` counts them, in UTC. */
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/**
 * The start of the first business day after the day of `from`, in the plan's time zone: Friday evening gives Monday 09:00.
 * Where daylight saving goes past that time, it is the moment of the change. Pure.
 */
export function nextBusinessDay(plan: Plan, from: Date): Date {
  const { timeZone, businessDays } = plan;
  const tomorrow = dayIn(timeZone, from) + 1;
  const days = Array.from({ length: MOST_DAYS }, (_, passed) => tomorrow + passed);
  const day = days.find((each) => isBusinessDay(plan, isoDay(each))) ?? tomorrow + MOST_DAYS;
  return firstMoment(day, businessDays.starts, timeZone);
}

/** Whether people work on this day (`2026-11-23`): one of the plan's weekdays, and none of its holidays. */
export function isBusinessDay({ businessDays }: Pick<Plan, 'businessDays'>, day: string): boolean {
  const weekday = WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
  return businessDays.days.some((each) => each === weekday) && !businessDays.holidays.includes(day);
}
