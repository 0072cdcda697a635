import type { LimitedRetention, Plan } from '#plan';
import type { ObjectLock } from '#ports';

/** From the finest to the coarsest. */
export const TIERS = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type Tier = (typeof TIERS)[number];

/** What the plan promises to keep. */
export interface RetentionPolicy {
  /** Of each such period one backup stays so long. */
  readonly tiers: Readonly<Record<Tier, LimitedRetention>>;
  /** So far back every second that can be restored stays restorable. */
  readonly continuousDays: number;
  /** Nothing younger goes, and nothing goes sooner after it was marked. */
  readonly graceDays: number;
  /** To which class data moves at which age, from young to old. */
  readonly storageClasses?: Plan['mongodb']['storageClasses'];
  readonly lockMode: ObjectLock['mode'];
  /** Whose hours, days and weeks are meant. */
  readonly timeZone: string;
}

export const policyOf = ({ mongodb, timeZone }: Pick<Plan, 'mongodb' | 'timeZone'>): RetentionPolicy => ({
  tiers: mongodb.thinning,
  continuousDays: mongodb.continuousWindowDays,
  graceDays: mongodb.prune.graceDays,
  storageClasses: mongodb.storageClasses,
  lockMode: mongodb.objectLock,
  timeZone,
});

export const DAY_MS = 86_400_000;

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);
