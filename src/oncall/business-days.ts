import { DateTime } from 'luxon';
import type { Plan } from '#plan';

/** A plan of holidays alone would never come to an end. */
const MOST_DAYS = 366;

/** The start of the first business day after the day of `from`, in the plan's time zone: Friday evening gives Monday 09:00. */
export function nextBusinessDay({ timeZone, businessDays }: Plan, from: Date): Date {
  const [hour = 0, minute = 0] = businessDays.starts.split(':').map(Number);
  let day = DateTime.fromJSDate(from, { zone: timeZone }).startOf('day');
  for (let passed = 0; passed < MOST_DAYS; passed += 1) {
    day = day.plus({ days: 1 });
    const weekday = day.setLocale('en').toFormat('cccc').toLowerCase();
    const isHoliday = businessDays.holidays.includes(day.toISODate() ?? '');
    if (!isHoliday && businessDays.days.some((each) => each === weekday)) {
      return day.set({ hour, minute }).toJSDate();
    }
  }
  return day.toJSDate();
}
