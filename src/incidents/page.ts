import { z } from 'zod';
import { IncidentId, PersonId, Role } from '#core';
import { SeverityName } from '#plan';
import { ComingStart, Rung } from './incident.ts';

/** A way to a person. `direct` is a message to them alone in the chat; the mention in the thread comes with the record. */
export const WAYS = ['pager', 'direct', 'sms', 'voice', 'email', 'webhook'] as const;
export const Way = z.enum(WAYS);
export type Way = z.output<typeof Way>;

/** One way's state: how often it was tried, and what came of it. */
export const PageWay = z.object({
  way: Way,
  /** accepted: the other side took it. refused: no further try helps. unneeded: somebody has it meanwhile. */
  state: z.enum(['waiting', 'accepted', 'refused', 'unneeded']),
  tries: z.number().int(),
  /** Not tried before that. */
  nextAt: z.date(),
  acceptedAt: z.date().optional(),
  /** The pager took the call; whether the person is called there is not known yet. */
  triggeredAt: z.date().optional(),
  /** The last answer: `503, 3 tries`. */
  answer: z.string().optional(),
});
export type PageWay = z.output<typeof PageWay>;

/** One call of one person. Made once: its id says for what. */
export const Page = z.object({
  /** `INC-17/sev-1/incident-commander/1/2/jane-doe`: round and step of the ladder. */
  id: z.string(),
  /** Undefined: a test page. */
  incident: IncidentId.optional(),
  severity: SeverityName,
  role: Role.optional(),
  rung: Rung.optional(),
  round: z.number().int(),
  step: z.number().int(),
  person: PersonId,
  why: z.enum(['ladder', 'responder', 'hand-over', 'start', 'test']),
  starts: ComingStart.optional(),
  pagerKey: z.string(),
  /** When the plan wants it. */
  dueAt: z.date(),
  /** When it was decided, which is when somebody looked first after it was due. */
  decidedAt: z.date(),
  /** Not tried before that: the earliest of its ways that wait. */
  notBefore: z.date(),
  /** void: it had become needless before every way was done. */
  state: z.enum(['due', 'done', 'void']),
  ways: z.array(PageWay),
  /** Too many at once: the call that told of this one too. */
  bundledWith: z.string().optional(),
  /** Since when the ways besides the pager are used, and why. */
  secondPath: z.object({ since: z.date(), because: z.string() }).optional(),
});
export type Page = z.output<typeof Page>;
