import { z } from 'zod';
import { Announcement, ApprovalRecord, UnheldStart } from '#approvals';
import { Preview, VIAS } from '#chatops';
import { type DrError, IncidentId, PersonId, RequestId, Role, Sha256 } from '#core';
import type { ControlStore, Records } from '#ports';
import { DriftRow } from './drift.ts';

/** Who asked. `person` is absent for somebody who is not on the roster. */
export const Asker = z.object({ person: PersonId.optional(), name: z.string(), team: z.string(), user: z.string() });
export type Asker = z.output<typeof Asker>;

/** One consent that is needed: any of these roles, from any of these people. Resolved when the preview was made. */
export const Need = z.object({ label: z.string(), roles: z.array(Role), eligible: z.array(PersonId) });
export type Need = z.output<typeof Need>;

/**
 * checking > waiting > approved (a run carries it on), or denied, expired, cancelled, refused. A request that needs
 * nobody goes from checking to approved. Refused: it could not be asked for, or its preview no longer held.
 */
export const RequestState = z.enum(['checking', 'waiting', 'approved', 'denied', 'expired', 'cancelled', 'refused']);
export type RequestState = z.output<typeof RequestState>;

export const RequestRecord = z.object({
  id: RequestId,
  /** The stored payload it came from: the same payload handled twice finds the same request. */
  intake: z.string(),
  command: z.string(),
  args: z.unknown(),
  line: z.string(),
  reason: z.string().optional(),
  /** The step before which its run is to hold by itself, as it was typed. */
  holdAt: z.string().optional(),
  asker: Asker,
  via: z.enum(VIAS),
  /** The incident it was asked for. */
  incident: IncidentId.optional(),
  /**
   * The calendar asks for it many times a day: it is in the record like any other, but a channel that people watch in an
   * emergency hears of it only when it goes wrong.
   */
  quiet: z.literal(true).optional(),
  state: RequestState,
  preview: z.object({ preview: Preview, hash: Sha256, planHash: Sha256, madeAt: z.date() }).optional(),
  needs: z.array(Need),
  approvals: z.array(ApprovalRecord),
  askedAt: z.date(),
  /** Whether its run stands in the journal; the sweep makes good what a crash left out. */
  started: z.boolean(),
  /** By the control store's clock. */
  expiresAt: z.date().optional(),
  remindedAt: z.date().optional(),
  decidedAt: z.date().optional(),
  decidedBy: PersonId.optional(),
  decisionReason: z.string().optional(),
  /** What to do next, where it was refused and that is known. */
  decisionHint: z.string().optional(),
  /** How often its approvals were voided by a change; each time everybody is asked again. */
  voids: z.number().int(),
  /** What had changed the last time that they were: whoever is asked again sees it first. */
  voided: z.object({ at: z.date(), rows: z.array(DriftRow) }).optional(),
  /** Approvals that were taken back: by whom, and when they had been given. */
  takenBack: z.array(z.object({ person: PersonId, at: z.date() })).optional(),
  /** It starts by itself unless somebody holds it, see starts/sweep-starts.ts. Absent: only approvals start it. */
  starts: z
    .object({
      announced: Announcement.optional(),
      /** Not any more: since then it waits for approvals. `by` where somebody held it. */
      off: z.object({ at: z.date(), by: PersonId.optional(), why: z.string().optional() }).optional(),
      unheld: UnheldStart.optional(),
    })
    .optional(),
  /** It changed and the record may not say so yet; see tell-request.ts. */
  untold: z.literal(true).optional(),
});
export type RequestRecord = z.output<typeof RequestRecord>;

export type Requests = Records<RequestRecord>;

export const openRequests = (store: ControlStore): Requests =>
  store.records<RequestRecord>('requests', RequestRecord, {
    unique: ['intake'],
    indexed: ['state', 'started', 'askedAt', 'untold'],
  });

/** The request once it is refused for this error; it is still to be told. */
export const refusedFor = (request: RequestRecord, error: DrError, now: Date) => ({
  ...request,
  state: 'refused' as const,
  decidedAt: now,
  decisionReason: error.message,
  ...(error.hint === undefined ? {} : { decisionHint: error.hint }),
  untold: true as const,
});
