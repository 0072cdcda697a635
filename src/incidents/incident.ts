import { z } from 'zod';
import { IncidentId, PersonId, Region, RequestId, Role, Text } from '#core';
import { SeverityName } from '#plan';
import { Actor, EntryKind } from '#record';

/** Why there is an incident: something that was found wrong, or what a person said. */
export const Cause = z.object({
  /** Which thing: `us-east-1/database_connectivity`. At most one incident with this key is open. */
  key: z.string().min(1).max(200),
  /** What is so, in a few words: `us-east-1 database has no primary`. */
  title: z.string().min(1).max(200),
  cause: Text,
  /** What people notice: `Drivers cannot save logs.` */
  effect: Text,
  /** The next safe command, as it is typed. */
  next: z.string(),
  since: z.date(),
  region: Region.optional(),
  severity: SeverityName,
  /** Who is called besides those whom the severity calls. */
  role: Role.optional(),
  /** Somebody may be doing this to us; the security role assesses it. */
  hostile: z.boolean(),
});
export type Cause = z.output<typeof Cause>;

/** A cause as the incident has it; it stays after it has ended. */
export const KeptCause = Cause.extend({ addedAt: z.date(), endedAt: z.date().optional() });
export type KeptCause = z.output<typeof KeptCause>;

/** Where an acknowledgement came from. `approval`: they approved what its recovery waits for. */
export const Via = z.enum(['slack', 'pagerduty', 'terminal', 'approval']);
export type Via = z.output<typeof Via>;

/** Somebody has it: calling for this role stands still. */
export const Hold = z.object({
  by: PersonId,
  at: z.date(),
  via: Via,
  /** When they are asked whether they are still on it. */
  askAt: z.date(),
  /** They were asked; without an answer by then calling starts again. */
  confirmBy: z.date().optional(),
  /** They asked not to be asked before that; `askAt` is then the same. */
  snoozedUntil: z.date().optional(),
});
export type Hold = z.output<typeof Hold>;

/** Where on the ladder a leg's last call was. */
export const Rung = z.enum(['contact', 'commander', 'everyone']);
export type Rung = z.output<typeof Rung>;

/** The calling for one role: up the ladder, person after person, until somebody has it. */
export const Leg = z.object({
  role: Role,
  /** Which of the incident's beginnings of a ladder this is. */
  round: z.number().int().positive(),
  /** Calls that were decided before that are of an earlier ladder, and void. */
  begunAt: z.date(),
  /** How many calls this round has had; 0 before the first. */
  step: z.number().int().min(0),
  rung: Rung.optional(),
  /** Who was called last: one person, or everyone. Empty before the first call. */
  people: z.array(PersonId),
  /** Whom this round has called, `people` among them. */
  called: z.array(PersonId),
  /** Whom any round has called: who was called may acknowledge. */
  reached: z.array(PersonId),
  pagedAt: z.date().optional(),
  /** When the next are called, unless somebody has it by then. */
  nextAt: z.date(),
  hold: Hold.optional(),
  /** When the last hold ended without an answer; what was acknowledged before that counts no more. */
  releasedAt: z.date().optional(),
});
export type Leg = z.output<typeof Leg>;

/** One key under which the pager was asked to call. The last of an incident's is the one that calls. */
export const PagerKey = z.object({
  key: z.string(),
  severity: SeverityName,
  /** What we want it to be there, and what it was told last. */
  wanted: z.enum(['triggered', 'acknowledged', 'resolved']),
  told: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
  /** What it said of itself last. */
  seen: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
  url: z.string().optional(),
});
export type PagerKey = z.output<typeof PagerKey>;

/** A fact that was decided and is not in the record yet. */
export const UntoldEntry = z.object({
  id: z.string(),
  kind: EntryKind,
  actor: Actor,
  text: Text,
  notify: z.array(PersonId),
  request: RequestId.optional(),
  /** Sent to these directly as well, as a question. */
  direct: z.array(PersonId).default([]),
  question: z.enum(['still-on-it', 'update']).default('still-on-it'),
});
export type UntoldEntry = z.output<typeof UntoldEntry>;

/** A run that starts by itself unless somebody holds it before then. */
export const ComingStart = z.object({
  request: RequestId,
  /** `planned failover us-east-1 -> us-west-2`. */
  what: z.string(),
  at: z.date(),
});
export type ComingStart = z.output<typeof ComingStart>;

/** A call that was decided and has no page yet. */
export const UnmadePage = z.object({
  id: z.string(),
  person: PersonId,
  /** Undefined where the person is called as such. */
  role: Role.optional(),
  rung: Rung.optional(),
  round: z.number().int(),
  step: z.number().int(),
  severity: SeverityName,
  pagerKey: z.string(),
  why: z.enum(['ladder', 'responder', 'hand-over', 'start']),
  /** With `start`: what they are told of. */
  starts: ComingStart.optional(),
  dueAt: z.date(),
  decidedAt: z.date(),
});
export type UnmadePage = z.output<typeof UnmadePage>;

export const Incident = z.object({
  id: IncidentId,
  /** merged: another one goes on with its causes. */
  state: z.enum(['open', 'resolved', 'merged']),
  title: z.string(),
  severity: SeverityName,
  severities: z.array(z.object({ severity: SeverityName, at: z.date(), by: Actor })),
  causes: z.array(KeptCause),
  openedBy: Actor,
  since: z.date(),
  openedAt: z.date(),
  /** All causes are over since then; it resolves itself when it stays so. Undefined: not recovering. */
  recoveringSince: z.date().optional(),
  /** Who has which role in this incident. At first whoever is on duty, by Holdfast; then whom somebody named, or who has it. */
  assignments: z.array(z.object({ role: Role, person: PersonId, by: Actor, at: z.date() })),
  responders: z.array(PersonId),
  legs: z.array(Leg),
  pagerKeys: z.array(PagerKey),
  respondBy: z.date(),
  respondedAt: z.date().optional(),
  respondMissed: z.boolean(),
  acknowledgements: z.array(z.object({ by: Actor, at: z.date(), via: Via, roles: z.array(Role), counts: z.boolean() })),
  updates: z.array(z.object({ text: z.string(), by: PersonId, at: z.date() })),
  /** When the commander is reminded of an update to stakeholders. */
  updateDueAt: z.date(),
  proposals: z.array(RequestId),
  /** How it ended; undefined while it is open. */
  ending: z
    .object({
      how: z.enum(['resolved', 'by-itself', 'not-an-incident']),
      at: z.date(),
      by: Actor,
      why: z.string(),
    })
    .optional(),
  mergedInto: IncidentId.optional(),
  /** How often it was opened again. */
  reopened: z.number().int(),
  /** Numbers its facts; part of their ids. */
  facts: z.number().int(),
  /** Numbers the beginnings of its ladders. */
  rounds: z.number().int(),
  /** The earliest of its deadlines; undefined where nothing will be due by itself. */
  dueAt: z.date().optional(),
  /** The pager may have a key of it that is not as we want it, or that may change there. */
  pagerOpen: z.boolean(),
  /** Something below is not told or made yet. */
  untold: z.boolean(),
  untoldEntries: z.array(UntoldEntry),
  unmadePages: z.array(UnmadePage),
  /** What was done already, by the asker's key: the same again changes nothing. */
  intakes: z.array(z.string()),
  changedAt: z.date(),
});
export type Incident = z.output<typeof Incident>;

/** What is still wrong. */
export const openCauses = ({ causes }: { readonly causes: readonly KeptCause[] }): KeptCause[] =>
  causes.filter(({ endedAt }) => endedAt === undefined);
