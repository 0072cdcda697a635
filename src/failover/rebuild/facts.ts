import { z } from 'zod';
import { Region, RequestId } from '#core';

/** What a rebuild would do, resolved: approvals are bound to exactly this. */
export const RebuildFacts = z.object({
  region: Region,
  /** Whom the members shall follow, and be equal to. */
  primary: z.string(),
  members: z.array(z.string()).min(1),
  /** Every copy is emptied and made anew, after all that only it has was saved. */
  wipe: z.boolean(),
  /** No agent is on the machines: a person does there what the steps say. */
  byHand: z.boolean(),
  /** The failover that gave the region up; undefined when there is none that waits for its rebuild. */
  lostIn: RequestId.optional(),
  steps: z.array(z.string()),
});
export type RebuildFacts = z.output<typeof RebuildFacts>;

/** A returned member as it is now; shown, never hashed. */
export const ReturnedMember = z.object({
  host: z.string(),
  region: Region.optional(),
  votes: z.number().int(),
  /** By its own word in the set. */
  state: z.enum(['primary', 'secondary', 'arbiter', 'recovering', 'rollback', 'unreachable']),
  behindMs: z.number().optional(),
  /** By its machine's word; undefined without an agent, or when that is silent. */
  machine: z.object({ state: z.enum(['running', 'alone', 'held', 'stopped']), crashes: z.number().int() }).optional(),
  rollbackFiles: z.number().int().optional(),
});
export type ReturnedMember = z.output<typeof ReturnedMember>;

/** What a run of the rebuild is given. */
export const RebuildInput = z.object({ facts: RebuildFacts, reason: z.string() });
export type RebuildInput = z.output<typeof RebuildInput>;

export const REBUILD_STEPS = ['hold', 'read-divergent', 'rejoin', 'catch-up', 'prove'] as const;
