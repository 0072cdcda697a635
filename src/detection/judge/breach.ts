import type { Plan } from '#plan';

/**
 * Whether a failing thing reaches the thresholds of a failover: it is critical, as many regions as the plan says see it
 * failing now, and it has lasted for `unavailability_seconds` or the whole is below `availability_percent`. Pure.
 */
export function isBreach(
  thing: {
    readonly critical: boolean;
    readonly seenBy: readonly unknown[];
    readonly lastedMs: number;
    readonly overall: number | undefined;
  },
  { thresholds, detection }: Pick<Plan, 'thresholds' | 'detection'>,
): boolean {
  if (!thing.critical || thing.seenBy.length < detection.seenBy) return false;
  if (thing.lastedMs >= thresholds.unavailabilitySeconds * 1_000) return true;
  return thing.overall !== undefined && thing.overall < thresholds.availabilityPercent;
}
