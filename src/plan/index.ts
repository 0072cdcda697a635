/** plan.yaml: its schema, how it is read, and what is wrong with it. */
export type { Objectives, Thresholds } from './assurance.ts';
export type { Component, MongodbPlan, OtherClusterPlan } from './backups.ts';
export { ApprovalPolicy, AskRulePlan, Need } from './consent.ts';
export {
  type BreachStart,
  CHECK_NAMES,
  CheckName,
  type Detection,
  type FailoverPlan,
  type MoveLimits,
  SEVERITY_NAMES,
  SeverityName,
} from './failover.ts';
export { generateSchema } from './json-schema.ts';
export { loadPlan } from './load-plan.ts';
export { type PlanMistake, sayMistakes } from './mistakes.ts';
export { type LoadedPlan, parsePlan, readPlan } from './parse-plan.ts';
export type { BusinessDays, Contacts, RosterPerson, RosterPlan, RosterRole, Rotation, Severity } from './people.ts';
export { Plan } from './plan.ts';
export { describePlanDifference, type PlanDifference, sayDifference } from './plan-difference.ts';
export { planHash } from './plan-hash.ts';
export {
  buildableRegions,
  databaseHostOf,
  primaryRegion,
  regionsOf,
  regionsWithRole,
  servingRegions,
} from './reading.ts';
export type { RegionPlan, Regions } from './regions.ts';
export { keptUntil, LimitedRetention, leastDays, Retention, sayRetention } from './retention.ts';
export { candidatesOf, holdersOf, joinWords, rolesHeldBy, roleTitle, sayAnyOf } from './roster-reading.ts';
export { type Candidate, fits, type Seat, type Seating, seat, seatsOf } from './seats.ts';
export type { ServicePlan } from './service.ts';
export { Frequency, TimeZone } from './units.ts';
