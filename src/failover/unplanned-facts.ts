import { z } from 'zod';
import { Region } from '#core';
import { MemberFact } from './facts.ts';
import { CachePlan } from './hand-over-caches.ts';

/**
 * What an unplanned failover would do, resolved: approvals are bound to exactly this. Nothing of it is asked of the lost region
 * or of what may be lost with it: an answer that comes one time and not the next would void every approval.
 */
export const UnplannedFacts = z.object({
  move: z.literal('unplanned failover'),
  from: Region,
  to: Region,
  /** The survivor that the configuration is forced through. */
  primaryAfter: z.string(),
  configVersion: z.number().int(),
  membersBefore: z.array(MemberFact),
  /** Only the survivor votes: whoever else is alive or comes back must not be needed, and must not decide. */
  membersAfter: z.array(MemberFact),
  /** How long a new primary waits for others, before; the forced configuration says 0. */
  catchUpMs: z.number(),
  steps: z.array(z.string()),
  weightsAfter: z.array(z.object({ region: Region, weight: z.number() })),
  replicas: z.number().int(),
  configurationAfter: z.record(z.string(), z.string()),
  /** The service's own caches; absent where the plan names none. */
  caches: z.array(CachePlan).optional(),
});
export type UnplannedFacts = z.output<typeof UnplannedFacts>;

/** Upper bounds that approvals cover. `lossMs`: of time in which something was acknowledged that is not on the new side. */
export const UnplannedLimits = z.object({ pauseMs: z.number(), lossMs: z.number(), durationMs: z.number() });
export type UnplannedLimits = z.output<typeof UnplannedLimits>;

/** What a run is given: what people approved, and who asked why. */
export const UnplannedInput = z.object({ facts: UnplannedFacts, limits: UnplannedLimits, reason: z.string() });
export type UnplannedInput = z.output<typeof UnplannedInput>;

/** Figures that move all the time: shown, compared with limits, never hashed. */
export interface UnplannedLive {
  readonly checkedAt: Date;
  /** From approval to the first accepted write, about. */
  readonly pauseMs: number;
  readonly lossMs: number;
  /** Acknowledged writes behind that; undefined when the drivers' records can't be read. */
  readonly lossWrites: number | undefined;
  /** How much of what the survivor lacks the vault has. */
  readonly vaultMs: number;
  readonly vaultEntries: number;
  readonly survivorAt: Date | undefined;
  readonly servicesReady: number | undefined;
  readonly roomFor: number | undefined;
}
