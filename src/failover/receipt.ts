import { z } from 'zod';
import { Region } from '#core';

/** What was checked after a move, and found. Every number was counted, none is assumed. */
export const MoveProof = z.object({
  /**
   * Acknowledged writes of this time, by id and hash; `removed` of them are in the history of the primary only, because
   * somebody deleted or changed them afterwards.
   */
  readBack: z.object({ from: z.date(), until: z.date(), writes: z.number().int(), removed: z.number().int() }),
  testWrites: z.object({ written: z.number().int(), readBack: z.number().int() }),
  trafficShare: z.number(),
  /** Regions whose members see the one primary. */
  primarySeenFrom: z.array(Region),
  followers: z.array(z.object({ region: Region, lagMs: z.number() })),
});
export type MoveProof = z.output<typeof MoveProof>;

/** Writes do not pause for longer than each of these; a second pause follows a crash or a put-back. */
export const Pauses = z.array(z.object({ from: z.date(), ms: z.number() }));
export type Pauses = z.output<typeof Pauses>;

/** What people get to read when a move is done. */
export const MoveReceipt = z.object({
  move: z.string(),
  from: Region,
  to: Region,
  reason: z.string(),
  primary: z.string(),
  pauses: Pauses,
  pauseLimitMs: z.number(),
  proof: MoveProof,
  startedAt: z.date(),
  endedAt: z.date(),
});
export type MoveReceipt = z.output<typeof MoveReceipt>;
