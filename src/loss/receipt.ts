import { z } from 'zod';
import { Region, RequestId, Sha256 } from '#core';

const Place = z.object({ term: z.number().int(), seconds: z.number().int(), increment: z.number().int() });

/** A write that the old side has, or told somebody it has, and the new one does not. */
export const MissingWrite = z.object({
  /** `database.collection`. */
  namespace: z.string(),
  /** Its `_id`, as people read it. */
  id: z.string(),
  /** What the driver was told it wrote. */
  hash: Sha256.optional(),
  at: z.coerce.date(),
  /** Who knows of it. What a driver was promised comes first, then what was captured, then what a member had. */
  known: z.enum(['driver', 'vault', 'member']),
  what: z.enum(['insert', 'update', 'delete']),
  /** It is on the new side after all: merged from what was kept, or sent again by whoever wrote it. */
  back: z.object({ how: z.enum(['merged', 'sent-again']), at: z.coerce.date(), by: RequestId.optional() }).optional(),
});
export type MissingWrite = z.output<typeof MissingWrite>;

/** A returned member that was read. */
export const ReadMember = z.object({
  host: z.string(),
  at: z.coerce.date(),
  /** Entries that only it had. */
  entries: z.number().int(),
});

/** So many are listed in the receipt itself; the vault's copy has them all. */
export const LISTED = 10_000;

/** What is signed. */
export const LossReceipt = z.object({
  format: z.literal('holdfast-loss-receipt-1'),
  /** The run that left the old side. */
  id: RequestId,
  /** 1, 2, 3 ...: what is known grows, and an earlier receipt stays as it was. */
  revision: z.number().int().positive(),
  from: Region,
  to: Region,
  /** The newest entry that both sides have. */
  forkedAt: Place,
  since: z.coerce.date(),
  until: z.coerce.date(),
  /** Acknowledged writes that were looked for. */
  acknowledged: z.number().int(),
  /** Writes of the old side that the vault put back in time. */
  putBack: z.number().int(),
  approvedMs: z.number(),
  /** The oldest first, at most `LISTED`. */
  missing: z.array(MissingWrite),
  /** All of them; those that came back are among them. */
  count: z.number().int(),
  byCollection: z.record(z.string(), z.number().int()),
  oldest: z.coerce.date().optional(),
  newest: z.coerce.date().optional(),
  /** Of those, how many are back. */
  back: z.number().int(),
  /** The members of the old side; until all were read more may turn up. */
  members: z.array(z.string()),
  read: z.array(ReadMember),
  complete: z.boolean(),
  countedAt: z.coerce.date(),
  /** Why a number is less than it was, or what could not be looked at. */
  notes: z.array(z.string()),
});
export type LossReceipt = z.output<typeof LossReceipt>;

/** As it is kept. */
export const SignedReceipt = LossReceipt.extend({ signed: z.object({ key: z.string(), signature: z.string() }) });
export type SignedReceipt = z.output<typeof SignedReceipt>;

/** The same document of the same collection. */
export const keyOf = ({ namespace, id }: Pick<MissingWrite, 'namespace' | 'id'>): string => `${namespace}\0${id}`;

/** From the oldest missing write to the newest, in ms. */
export const spanOf = ({ oldest, newest }: Pick<LossReceipt, 'oldest' | 'newest'>): number =>
  oldest && newest ? newest.getTime() - oldest.getTime() : 0;
