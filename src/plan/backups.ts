import { z } from 'zod';
import { Region } from '#core';
import { LimitedRetention, Retention } from './retention.ts';
import { ClockWindow, Cron, Name, Percent, Positive } from './units.ts';

/** One row of the table of what is backed up. */
export const Component = z.strictObject({
  title: z.string(),
  kind: z.enum(['continuous', 'point-in-time', 'incremental', 'git', 'streaming', 'encrypted']),
  /** In the plan's words, for people; `schedules` is what the scheduler reads. */
  frequency: z.string(),
  schedules: z.strictObject({ full: Cron.optional(), incremental: Cron.optional(), ship: Cron.optional() }).default({}),
  retention: Retention,
  /** Of full backups, where they stay longer than what stands on them. */
  fullRetention: Retention.optional(),
  /** Before it moves to colder storage. */
  hotRetention: LimitedRetention.optional(),
  storage: z.array(Name).min(1),
});
export type Component = z.output<typeof Component>;

/** Names in S3: 3 to 63 small letters, digits, dots and dashes. */
export const BucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name (3 to 63 small letters, digits, . and -)');

const KeyAlias = z.string().regex(/^alias\/[A-Za-z0-9/_-]+$/, 'a key alias like alias/backup-key');

/** One database, or many: not all of them, so a * never stands alone. What MongoDB keeps for itself is never meant. */
const DatabasePattern = z
  .string()
  .regex(/^(?=.*[A-Za-z0-9_-])[A-Za-z0-9_*-]{1,63}$/, 'a database name, with * for any letters: eld_copy or eld_*');

/** Where a restore may go besides the protected set. The address, with its password, stands in the environment. */
export const OtherClusterPlan = z.strictObject({
  name: Name,
  /** Which variable has the address. Not any: the plan must not be able to name another secret. */
  uriEnv: z
    .string()
    .regex(/^(?!CONTROL_)[A-Z][A-Z0-9_]*_MONGODB_URI$/, 'a name of a variable of its own, like DR_SITE_MONGODB_URI'),
  /** Databases that a restore may write to there: names, in which * is any letters. */
  databases: z.array(DatabasePattern).min(1),
});
export type OtherClusterPlan = z.output<typeof OtherClusterPlan>;

const CanaryDatabase = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,63}$/, 'a database name')
  .refine((name) => !['admin', 'config', 'local'].includes(name), "is MongoDB's own.");

export const MongodbPlan = z.strictObject({
  databases: z.array(z.string().min(1)).min(1),
  replicaSet: z.string().min(1),
  continuous: z.strictObject({
    enabled: z.boolean(),
    /** What every member's oplog may grow to, at least. */
    oplogSizeGb: z.number().positive(),
    /** Capture could always be away for so long and skip nothing. */
    oplogWindowHours: z.number().positive(),
    /** A write is durable once so many regions' buckets have it. */
    durableRegions: Positive,
    /** A mark of Holdfast's own, written so often into a database of its own: its way to the buckets is measured. */
    canary: z.strictObject({ database: CanaryDatabase, everySeconds: Positive }),
  }),
  /** From when on something is an alarm. */
  alarms: z.strictObject({
    /** Nobody captures. */
    leaderlessSeconds: Positive,
    /** Nothing new is durable, or the measurement itself stands still. */
    frozenSeconds: Positive,
    /** A region's bucket does not get what the others get. */
    regionBehindSeconds: Positive,
    /** After its time, a backup of changes is not there; a full one has its window. */
    changesLateMinutes: Positive,
  }),
  snapshots: z.strictObject({
    /** When changes since the last backup are written. */
    changes: Cron,
    /** Within it, once a day, a full backup. */
    fullWindow: ClockWindow,
    /** Of what is read from the member that a backup reads, all readers together. Without it: as fast as it goes. */
    readMbPerSecond: Positive.optional(),
  }),
  /** Reading back what lies in the vault: when, and how much of all stored bytes each time. */
  scrub: z.strictObject({ at: Cron, percent: Percent }),
  /** When what is remembered of the backups is compared with the buckets. */
  catalog: z.strictObject({ compareAt: Cron }).default({ compareAt: '23 * * * *' }),
  kmsKeyAlias: KeyAlias,
  keys: z.strictObject({
    /** When it is looked which data keys are to be wrapped anew: those older than `encryption.keyRotationDays`. */
    rotateAt: Cron,
    /** Of the keys that stood in the place of `kmsKeyAlias` before: they only open what they wrapped. */
    earlierAliases: z.array(KeyAlias).default([]),
  }),
  /** The first is written to; the others get copies. */
  vaultBuckets: z.record(Region, BucketName),
  retention: LimitedRetention,
  /** Of each hour, day, week, month and year one backup stays this long; the others go. */
  thinning: z.strictObject({
    hourly: LimitedRetention,
    daily: LimitedRetention,
    weekly: LimitedRetention,
    monthly: LimitedRetention,
    yearly: LimitedRetention,
  }),
  /**
   * To which class a backup's data moves at which age. Cold ones (GLACIER, DEEP_ARCHIVE) only take what no window stands on
   * and nothing but its term keeps.
   */
  storageClasses: z.array(
    z.strictObject({ afterDays: Positive, class: z.enum(['STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']) }),
  ),
  /** So many days back, every second that can be restored stays restorable. */
  continuousWindowDays: Positive,
  objectLock: z.enum(['governance', 'compliance']),
  /** How long a new backup is locked; what stays longer is locked longer by the daily round. */
  firstLockDays: Positive,
  prune: z.strictObject({
    /** When the daily round marks what is past its term and makes locks longer. */
    at: Cron,
    /** Between marking and deleting, and the least age of anything that goes. */
    graceDays: Positive,
    /** Whether the daily round also deletes, without anybody's approval. */
    applyBySchedule: z.boolean(),
  }),
  restore: z.strictObject({
    clusters: z.array(OtherClusterPlan),
    /** Where a restore may start a database of its own (`--on scratch`), and how long that stays; none where left out. */
    scratch: z
      .strictObject({
        folder: z.string().regex(/^\/[^\0]*[^/\0]$/, 'a path from the root, like /var/lib/holdfast/scratch'),
        keepHours: Positive,
      })
      .optional(),
    /** Databases outside `databases` that a restore under new names may write to: names, in which * is any letters. */
    otherDatabases: z.array(DatabasePattern).default([]),
    /** How long data that a restore replaced is kept beside. */
    keepReplacedDays: Positive,
  }),
});
export type MongodbPlan = z.output<typeof MongodbPlan>;
