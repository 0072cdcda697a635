import { CronExpressionParser } from 'cron-parser';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { closest } from '#core';

/** An IANA time zone. */
export const TimeZone = z.string().superRefine((zone, context) => {
  if (IANAZone.isValidZone(zone)) return;
  const meant = closest(zone, Intl.supportedValuesOf('timeZone'));
  const fix = meant === undefined ? 'Zones are written like America/New_York.' : `Did you mean ${meant}?`;
  context.addIssue({ code: 'custom', message: `"${zone}" is not a time zone. ${fix}` });
});

/** A calendar in five fields, read in the plan's time zone. */
export const Cron = z.string().superRefine((text, context) => {
  const why = whyNotCron(text);
  if (why !== undefined) context.addIssue({ code: 'custom', message: `"${text}" is not a schedule: ${why}.` });
});

function whyNotCron(text: string): string | undefined {
  const fields = text.trim().split(/\s+/).length;
  if (fields !== 5) return `it has ${fields} of 5 fields (minute hour day month weekday)`;
  try {
    CronExpressionParser.parse(text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message.replace(/[.\s]+$/, '') : 'it cannot be read';
  }
}

/** A share in percent, written as people say it: 10 is 10 %. A fraction is taken for what it says, and refused. */
export const Percent = z
  .number()
  .min(0)
  .max(100)
  .superRefine((value, context) => {
    if (value <= 0 || value >= 1) return;
    const meant = Number((value * 100).toPrecision(12));
    context.addIssue({ code: 'custom', message: `${value} means ${value} %. ${meant} % is written ${meant}.` });
  });

export const Positive = z.number().int().positive();
export const Minutes = z.number().nonnegative();
export const Seconds = z.number().nonnegative();

/** A name of the plan's own choosing: `backup-restoration`, `user-files`. */
export const Name = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a name (small letters, digits, - and _)');

/** `03:00`. */
const CLOCK_TIME = '([01][0-9]|2[0-3]):[0-5][0-9]';
export const ClockTime = z.string().regex(new RegExp(`^${CLOCK_TIME}$`), 'a time like 09:00');
export const ClockWindow = z.string().regex(new RegExp(`^${CLOCK_TIME}-${CLOCK_TIME}$`), 'a window like 03:00-05:00');

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const FREQUENCIES = ['daily', 'weekly', 'monthly', 'quarterly', 'half-yearly', 'annually'] as const;
export const Frequency = z.enum(FREQUENCIES);
export type Frequency = z.output<typeof Frequency>;
