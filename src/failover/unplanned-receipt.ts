import { z } from 'zod';
import { Region } from '#core';
import { CacheHanded } from './hand-over-caches.ts';
import { LossCount } from './loss-count.ts';
import { Pauses } from './receipt.ts';

/** How the old side was known to take no writes. */
export const ProvedBy = z.discriminatedUnion('by', [
  z.object({ by: z.literal('members-stopped'), hosts: z.array(z.string()) }),
  z.object({ by: z.literal('lease-ended'), fence: z.number().int(), silentMs: z.number() }),
]);

export const Counted = z.object({
  loss: LossCount,
  testWrites: z.object({ written: z.number().int(), readBack: z.number().int() }),
  trafficShare: z.number(),
  /** Lost members that can be reached and still call themselves primary. They are fenced, and users are not sent there. */
  alsoClaim: z.array(z.string()),
});
export type Counted = z.output<typeof Counted>;

/** What people get to read when a lost region is left. Every number was counted, none is assumed. */
export const UnplannedReceipt = z.object({
  move: z.literal('unplanned failover'),
  from: Region,
  to: Region,
  reason: z.string(),
  primary: z.string(),
  proof: ProvedBy,
  counted: Counted,
  lossLimitMs: z.number(),
  /** Changes that the vault gave back, and those that could not be applied. */
  applied: z.number().int(),
  leftOut: z.number().int(),
  notSaved: z.string().optional(),
  pauses: Pauses,
  openedAt: z.date(),
  /** Regions whose application could not be told which region is the active one. */
  unreachable: z.array(Region),
  /** What became of the service's own caches; absent where the plan names none. */
  caches: z.array(CacheHanded).optional(),
  /** What waits for something lost to answer again. */
  left: z.array(z.string()),
  startedAt: z.date(),
  endedAt: z.date(),
});
export type UnplannedReceipt = z.output<typeof UnplannedReceipt>;
