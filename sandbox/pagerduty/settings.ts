import { z } from 'zod';

/** A user of the account. Ids are the plan's `pagerduty_user`. */
export const Person = z.strictObject({
  id: z.string().regex(/^P[A-Z0-9]{5,14}$/, 'a PagerDuty user id: P and capitals or digits'),
  name: z.string().min(1),
  email: z.email(),
});
export type Person = z.output<typeof Person>;

/** PagerDuty's documented clocks and quotas, adjustable so that a test need not wait for them. */
const limits = z.strictObject({
  eventsPerMinute: z.number().int().positive().default(120),
  restPerMinute: z.number().int().positive().default(960),
  /** An event is accepted at once and becomes an incident this much later. */
  ingestAfterMs: z.number().min(0).default(20),
  /** Pauses between the five tries of one webhook; about 20 minutes in all. */
  webhookRetryAfterMs: z.array(z.number().min(0)).default([15_000, 60_000, 240_000, 900_000]),
  webhookWithinMs: z.number().positive().default(5_000),
});

const Webhook = z.strictObject({
  url: z.url(),
  /** One, or two while it is being changed: each signs. */
  secrets: z.array(z.string().min(8)).min(1).max(2),
});
export type Webhook = z.output<typeof Webhook>;

export const PagerDutyOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.number().int().min(0).default(0),
  /** 0 takes a free port; the control API never shares one with what it controls. */
  controlPort: z.number().int().min(0).default(0),
  people: z.array(Person).min(1),
  /** Whom an incident of the service is assigned to; the first person when left out. */
  onCall: z.array(z.string()).optional(),
  serviceName: z.string().default('critical_incidents'),
  routingKey: z.string().length(32).default('sandboxr0utingkeyf0rh0ldfast0000'),
  /** A token of the account: it may do everything, in the name that `From` says. */
  accountToken: z.string().default('sandbox-account-token'),
  readOnlyToken: z.string().default('sandbox-read-only-token'),
  /** Tokens of persons: token to user id. */
  userTokens: z.record(z.string(), z.string()).default({}),
  webhook: Webhook.optional(),
  limits: limits.default(limits.parse({})),
  /** A folder for `pagerduty.json`; without it nothing outlives the process. */
  folder: z.string().optional(),
});
export type PagerDutyOptionsInput = z.input<typeof PagerDutyOptions>;
export type PagerDutySettings = z.output<typeof PagerDutyOptions>;

export const SERVICE = { id: 'PSVCELD1' } as const;
