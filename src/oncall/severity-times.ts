import type { Plan, SeverityName } from '#plan';
import { nextBusinessDay } from './business-days.ts';

const MINUTE_MS = 60_000;

/** By when what must have happened, for an incident of this severity that began at `from`. */
export interface SeverityTimes {
  /** The first page goes out by then; for Sev-1 that is at once. */
  readonly notifyBy: Date;
  /** Somebody must have answered. */
  readonly respondBy: Date;
}

/** The source plan's "Emergency Contact Procedures". Pure. */
export function severityTimes(plan: Plan, severity: SeverityName, from: Date): SeverityTimes {
  const { notifyWithinMinutes, respondWithinMinutes } = plan.severities[severity];
  const later = (minutes: number): Date => new Date(from.getTime() + minutes * MINUTE_MS);
  return { notifyBy: later(notifyWithinMinutes), respondBy: later(respondWithinMinutes) };
}

/** When the next person is called if nobody has answered a page that went out at `paged`. */
export function escalateAt(plan: Plan, severity: SeverityName, paged: Date): Date {
  const { escalateAfter } = plan.severities[severity];
  if (escalateAfter === 'next-business-day') return nextBusinessDay(plan, paged);
  return new Date(paged.getTime() + escalateAfter.minutes * MINUTE_MS);
}
