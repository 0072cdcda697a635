import { z } from 'zod';
import { PersonId, Role } from '#core';
import { ClockTime, DAYS, Minutes, TimeZone } from './units.ts';

export const RosterPerson = z.strictObject({
  name: z.string().min(1).max(60),
  /** Without it nothing this person presses counts. */
  slackUser: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack user id like U0JOHNSMITH, never a name or an e-mail')
    .optional(),
  /** The person's id in PagerDuty. Without it pages reach the person by the other ways only. */
  pagerdutyUser: z
    .string()
    .regex(/^P[A-Z0-9]{5,14}$/, 'a PagerDuty user id like PJSMITH1, never a name or an e-mail')
    .optional(),
  /** For SMS and voice. */
  phone: z
    .string()
    .regex(/^\+[0-9-]{6,20}$/, 'a telephone number like +1-555-0100')
    .optional(),
  email: z.email().optional(),
  /** Where the person's account belongs to another team than the plan's. */
  slackTeam: z.string().optional(),
  timeZone: TimeZone.optional(),
});
export type RosterPerson = z.output<typeof RosterPerson>;

/** People who take turns as a role's first contact. The hand-over is at the zone's clock time, whatever daylight saving does. */
export const Rotation = z.strictObject({
  every: z.enum(['day', 'week']),
  /** The first turn begins here, in the plan's zone. */
  starts: z.iso.date(),
  at: ClockTime,
  people: z.array(PersonId).min(2),
});
export type Rotation = z.output<typeof Rotation>;

export const RosterRole = z.strictObject({
  title: z.string().min(1).max(40),
  responsibility: z.string(),
  primary: PersonId,
  backup: PersonId.optional(),
  /** Instead of `primary`, who then stands in where a turn is empty. */
  rotation: Rotation.optional(),
});
export type RosterRole = z.output<typeof RosterRole>;

/** From `from` up to and without `until`. */
export const Absence = z.strictObject({
  person: PersonId,
  from: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
});

export const RosterPlan = z.strictObject({
  roles: z.record(Role, RosterRole),
  people: z.record(PersonId, RosterPerson),
  away: z.array(Absence),
});
export type RosterPlan = z.output<typeof RosterPlan>;

export const Contacts = z.strictObject({
  hotline: z.string().regex(/^\+[0-9-]{6,20}$/, 'a telephone number like +1-555-0199'),
  pagerdutyService: z.string().min(1),
  channel: z.string().regex(/^#[a-z0-9_-]{1,80}$/, 'a channel like #incident-response'),
  slackTeam: z.string().regex(/^[TE][A-Z0-9]{2,}$/, 'a Slack team id like T0ELDCORP'),
  /** Who is told about forged buttons and signatures. */
  securityRole: Role,
});
export type Contacts = z.output<typeof Contacts>;

export const Severity = z.strictObject({
  title: z.string(),
  /** 0: at once. */
  notifyWithinMinutes: Minutes,
  escalateAfter: z.union([z.literal('next-business-day'), z.strictObject({ minutes: Minutes })]),
  respondWithinMinutes: Minutes,
  page: z.array(Role).min(1),
  reachBy: z.array(z.enum(['hotline', 'pagerduty', 'slack'])).min(1),
  /** one: whoever acknowledges first ends the calling. each-role: every role that is called needs its own acknowledgement. */
  acknowledgedBy: z.enum(['one', 'each-role']),
  /** Whoever has it is asked again after so long; without an answer within `confirmWithinMinutes` calling starts again. */
  askAgainAfterMinutes: Minutes.positive(),
  confirmWithinMinutes: Minutes.positive(),
  /** How old the last word to stakeholders may be before the commander is reminded. */
  updateEveryMinutes: Minutes.positive(),
});
export type Severity = z.output<typeof Severity>;

export const BusinessDays = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1),
  starts: ClockTime,
  holidays: z.array(z.iso.date()),
});
export type BusinessDays = z.output<typeof BusinessDays>;
