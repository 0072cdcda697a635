import { z } from 'zod';
import { LimitedRetention } from './retention.ts';
import { Cron, Frequency, Minutes, Name, Percent, Positive } from './units.ts';

/** RTO, RPO and failover time are upper bounds; the rates are lower bounds. */
export const Objectives = z.strictObject({
  rtoMinutes: Minutes.positive(),
  rpoMinutes: Minutes.positive(),
  availabilityPercent: Percent,
  backupSuccessPercent: Percent,
  recoverySuccessPercent: Percent,
  failoverMinutes: Minutes.positive(),
  dataIntegrityPercent: Percent,
});
export type Objectives = z.output<typeof Objectives>;

export const Thresholds = z.strictObject({
  consecutiveFailures: Positive,
  responseTimeMs: Positive,
  errorRatePercent: Percent,
  availabilityPercent: Percent,
  unavailabilitySeconds: Positive,
});
export type Thresholds = z.output<typeof Thresholds>;

export const Encryption = z.strictObject({
  algorithm: z.literal('aes-256-gcm'),
  keyRotationDays: Positive,
  atRest: z.literal(true),
  inTransit: z.literal(true),
});

export const RecoveryTests = z.strictObject({
  suites: z.array(Name).min(1),
  tests: z.array(z.strictObject({ name: Name, atLeast: Frequency, schedule: Cron, scope: Name, validation: Name })),
});

const Items = z.array(Name);
export const Reviews = z.strictObject({
  weekly: Items,
  monthly: Items,
  quarterly: Items,
  halfYearly: Items,
  annually: Items,
  afterMajorIncident: Items,
});

export const Compliance = z.strictObject({
  dataClasses: z.array(
    z.strictObject({
      name: Name,
      law: z.string(),
      atLeast: LimitedRetention.optional(),
      atMost: LimitedRetention.optional(),
      /** Components that keep it. */
      keptBy: z.array(Name).min(1),
    }),
  ),
  backups: z.strictObject({
    encryptionBitsAtLeast: Positive,
    geographicDistribution: z.boolean(),
    accessLogging: z.boolean(),
    integrityVerification: z.boolean(),
  }),
  recoveryTesting: z.strictObject({
    atLeast: Frequency,
    documentation: z.boolean(),
    stakeholderNotification: z.boolean(),
    validation: z.boolean(),
  }),
});
