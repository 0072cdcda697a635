import { z } from 'zod';
import { Compliance, Encryption, Objectives, RecoveryTests, Reviews, Thresholds } from './assurance.ts';
import { Component, MongodbPlan } from './backups.ts';
import { Approvals, MayAsk } from './consent.ts';
import { Detection, FailoverPlan } from './failover.ts';
import { BusinessDays, Contacts, RosterPlan, Severity } from './people.ts';
import { Regions } from './regions.ts';
import { ServicePlan } from './service.ts';
import { Name, TimeZone } from './units.ts';

/**
 * plan.yaml, whole. In the file names are written_with_underscores; here they areWrittenLikeThis. Every object is
 * strict: a key nobody reads is a wish nobody fulfils, so it is refused.
 */
export const Plan = z.strictObject({
  version: z.literal(1),
  system: z.strictObject({
    name: z.string().min(1),
    title: z.string().min(1),
    users: z.string().min(1),
    effectWhenDown: z.string().min(1),
  }),
  timeZone: TimeZone,
  objectives: Objectives,
  regions: Regions,
  components: z.record(Name, Component),
  mongodb: MongodbPlan,
  service: ServicePlan,
  failover: FailoverPlan,
  detection: Detection,
  thresholds: Thresholds,
  contacts: Contacts,
  severities: z.strictObject({ 'sev-1': Severity, 'sev-2': Severity, 'sev-3': Severity }),
  businessDays: BusinessDays,
  roster: RosterPlan,
  mayAsk: MayAsk,
  approvals: Approvals,
  encryption: Encryption,
  recoveryTests: RecoveryTests,
  reviews: Reviews,
  compliance: Compliance,
});
export type Plan = z.output<typeof Plan>;
