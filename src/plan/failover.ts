import { z } from 'zod';
import { Role } from '#core';
import { Minutes, Percent, Positive, Seconds } from './units.ts';

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

const RegionLeasePlan = z.strictObject({
  /** An instance stops writing when its last renewal is older than this. */
  ttlSeconds: Seconds.min(2).max(60),
  /** Waited longer than that before the other side opens: clocks of two machines do not tick alike. */
  marginSeconds: Seconds.min(1).max(60),
});

export const FailoverPlan = z.strictObject({
  /** Nothing is started by hand without approval; what a breach may start says detection.on_breach. */
  start: z.literal('approved'),
  planned: MoveLimits,
  unplanned: MoveLimits,
  failback: z.strictObject({
    ...limits,
    trafficPercent: TrafficPercent,
    /** What users may notice of a shift; past it the traffic goes back by itself. */
    budget: z.strictObject({ errorPercent: Percent, p95Ms: Positive }),
  }),
  replicationLagLimitSeconds: Seconds,
  /** The right of a region's service to take writes, see docs/region-leases.md. Without it only stopped members are a fence. */
  regionLeases: RegionLeasePlan.optional(),
});
export type FailoverPlan = z.output<typeof FailoverPlan>;

/**
 * propose: the preview and its approval card are put into the incident's thread, at once. veto: the same, and it starts by
 * itself after some minutes unless somebody holds it. manual: people ask themselves.
 */
const BreachStart = z.enum(['propose', 'veto', 'manual']);
export type BreachStart = z.output<typeof BreachStart>;

/** The source plan's five checks. Each is made of probes; src/detection says which. */
export const CHECK_NAMES = [
  'database_connectivity',
  'application_response',
  'external_dependencies',
  'resource_availability',
  'security_posture',
] as const;
export const CheckName = z.enum(CHECK_NAMES);
export type CheckName = z.output<typeof CheckName>;

export const SEVERITY_NAMES = ['sev-1', 'sev-2', 'sev-3'] as const;
export const SeverityName = z.enum(SEVERITY_NAMES);
export type SeverityName = z.output<typeof SeverityName>;

const Check = z.strictObject({
  name: CheckName,
  /** Only a critical check may propose a failover. */
  critical: z.boolean(),
  /** How bad it is when it fails. */
  severity: SeverityName,
  /** Who is called first, besides those whom the severity calls. */
  role: Role,
});

/** Where what is used up, or what is tried, becomes a failure. */
const Limits = z.strictObject({
  /** Least free part of a disk of the database. */
  diskFreePercent: Percent,
  /** Of the connections that a member takes. */
  connectionsPercent: Percent,
  /** Of a member's cache; from 95 on the server makes its clients clear it. */
  cachePercent: Percent,
  /** Of the time of a database machine's processors, between two looks; its agent counts it. */
  cpuPercent: Percent.default(95),
  /** Least part of a database machine's memory that a program could still have; its agent says it. */
  memoryFreePercent: Percent.default(5),
  /** Wakes that no worker has taken. */
  queueDepth: Positive,
  /** Logins to a member of the database that failed. */
  failedLoginsPerMinute: Positive,
  /** A certificate must be good for so long. */
  certificateDays: Positive,
});

export const Detection = z.strictObject({
  intervalSeconds: Positive,
  /** A probe without an answer by then has failed. */
  probeTimeoutSeconds: Positive,
  /** So many checks in a row must be well before something counts as well again. */
  recoverAfter: Positive,
  /** What changes more often than that is one incident, which stays open until it is calm for as long. */
  flapping: z.strictObject({ changes: Positive, withinMinutes: Minutes.positive() }),
  /** From how many regions a region must be seen dead before it counts. */
  seenBy: Positive,
  /** When no detector has reported for so long, people are paged. */
  silentAfterSeconds: Positive,
  checks: z.array(Check).min(1),
  limits: Limits,
  /** What a breach that reaches the failover thresholds starts. */
  onBreach: z.strictObject({
    failover: BreachStart,
    /** How long everybody who could approve has to hold it. With `veto` only, and needed there. */
    vetoMinutes: Minutes.positive().optional(),
    /** Nothing is proposed for so long after a move has ended: what moves to and fro helps nobody. */
    notWithinMinutes: Minutes,
  }),
});
export type Detection = z.output<typeof Detection>;
