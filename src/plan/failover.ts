import { z } from 'zod';
import { Minutes, Positive, Seconds } from './units.ts';

/** Upper bounds that approvals cover. Expected values lie below; passing a limit voids the approval or stops the run. */
const limits = { pauseLimitSeconds: Seconds, durationLimitMinutes: Minutes, lossLimitSeconds: Seconds };
export const MoveLimits = z.strictObject(limits);
export type MoveLimits = z.output<typeof MoveLimits>;

const TrafficPercent = z
  .array(z.number().int().min(1).max(100))
  .min(1)
  .superRefine((steps, context) => {
    const rises = steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0));
    if (rises && steps.at(-1) === 100) return;
    context.addIssue({ code: 'custom', message: 'must rise step by step and end at 100.' });
  });

export const FailoverPlan = z.strictObject({
  /** Nothing starts without approval; there is no other way to start. */
  start: z.literal('approved'),
  planned: MoveLimits,
  unplanned: MoveLimits,
  failback: z.strictObject({ ...limits, trafficPercent: TrafficPercent }),
  replicationLagLimitSeconds: Seconds,
});
export type FailoverPlan = z.output<typeof FailoverPlan>;

export const Detection = z.strictObject({
  intervalSeconds: Positive,
  checks: z.array(z.strictObject({ name: z.string().regex(/^[a-z_]+$/), critical: z.boolean() })).min(1),
});
export type Detection = z.output<typeof Detection>;
