import { z } from 'zod';
import { Region } from '#core';

const Weights = z.array(z.object({ region: Region, weight: z.number() }));
const ReplicaCounts = z.array(z.object({ region: Region, replicas: z.number().int() }));
const Configuration = z.record(z.string(), z.string());

export const MemberFact = z.object({
  host: z.string(),
  region: Region.optional(),
  votes: z.number().int(),
  priority: z.number(),
});
export type MemberFact = z.output<typeof MemberFact>;

/**
 * What a move would do, resolved: approvals are bound to exactly this. Nothing in here may move by itself from one
 * second to the next, or every approval would be void at once.
 */
export const MoveFacts = z.object({
  move: z.enum(['planned failover', 'failback']),
  from: Region,
  to: Region,
  primaryBefore: z.string(),
  primaryAfter: z.string(),
  configVersion: z.number().int(),
  membersBefore: z.array(MemberFact),
  membersAfter: z.array(MemberFact),
  steps: z.array(z.string()),
  weightsBefore: Weights,
  weightsAfter: Weights,
  /** Shares of traffic on the way, in percent; one jump when empty. */
  trafficPercent: z.array(z.number()),
  replicasBefore: ReplicaCounts,
  replicasAfter: ReplicaCounts,
  configurationBefore: Configuration,
  configurationAfter: Configuration,
});
export type MoveFacts = z.output<typeof MoveFacts>;

/** Upper bounds that approvals cover. */
export const MoveLimits = z.object({ pauseMs: z.number(), lossWrites: z.number().int(), durationMs: z.number() });
export type MoveLimits = z.output<typeof MoveLimits>;

/** Figures that move all the time: shown, compared with limits, never hashed. */
export const MoveLive = z.object({
  checkedAt: z.date(),
  lagMs: z.number(),
  membersUp: z.number().int(),
  membersAll: z.number().int(),
  servicesReady: z.number().int(),
  servicesWanted: z.number().int(),
  /** How many services the target was proved to have room for; undefined when the proof failed. */
  roomFor: z.number().int().optional(),
  newestBackup: z.object({ id: z.string(), at: z.date() }).optional(),
  expectedPauseMs: z.number(),
});
export type MoveLive = z.output<typeof MoveLive>;

/** What a run of failover or failback is given: what people approved, and who asked why. */
export const MoveInput = z.object({ facts: MoveFacts, limits: MoveLimits, reason: z.string() });
export type MoveInput = z.output<typeof MoveInput>;
