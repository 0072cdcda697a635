import { z } from 'zod';
import { Region } from '#core';
import { LossCount } from '../loss-count.ts';
import { FencedBy } from './facts.ts';

export const ColdCounted = z.object({
  loss: LossCount,
  testWrites: z.object({ written: z.number().int(), readBack: z.number().int() }),
  trafficShare: z.number(),
});
export type ColdCounted = z.output<typeof ColdCounted>;

/** What people get to read when a cold region serves. Every number was counted. */
export const ColdReceipt = z.object({
  move: z.literal('cold failover'),
  from: z.array(FencedBy),
  to: Region,
  host: z.string(),
  reason: z.string(),
  backup: z.string(),
  /** The newest change that the vault had. */
  reachesAt: z.date(),
  collections: z.number().int(),
  documents: z.number().int(),
  bytes: z.number(),
  leftOut: z.array(z.object({ namespace: z.string(), reason: z.string() })),
  counted: ColdCounted,
  lossLimitMs: z.number(),
  durationLimitMs: z.number(),
  openedAt: z.date(),
  unreachable: z.array(Region),
  /** What waits for something lost to answer again. */
  left: z.array(z.string()),
  startedAt: z.date(),
  endedAt: z.date(),
});
export type ColdReceipt = z.output<typeof ColdReceipt>;
