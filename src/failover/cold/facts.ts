import { z } from 'zod';
import { BackupId, Region } from '#core';

const OplogPlace = z.object({ seconds: z.number().int(), increment: z.number().int() });

/** All that the vault has from one backup on: what a database is built from. */
export const VaultPoint = z.object({
  backupId: BackupId,
  /** What was captured after it; none where nothing was. */
  until: z.object({ timeline: z.number().int(), before: OplogPlace, reached: OplogPlace }).optional(),
  /** Of the newest change that it has. */
  reaches: OplogPlace,
  documents: z.number(),
  bytes: z.number(),
});
export type VaultPoint = z.output<typeof VaultPoint>;

/** How it is made sure that a region takes no writes: its lease ends, or it never had one to write with. */
export const FencedBy = z.object({ region: Region, by: z.enum(['proof', 'never-open']) });
export type FencedBy = z.output<typeof FencedBy>;

/** What building the service in a cold region would do, resolved: approvals are bound to exactly this. */
export const ColdFacts = z.object({
  move: z.literal('cold failover'),
  /** Every region that could serve, all of them lost. */
  from: z.array(FencedBy).min(1),
  /** Which of them may take writes now, by their lease; opened again when the run is put back. */
  open: z.array(Region),
  to: Region,
  /** Where the new database is founded. */
  host: z.string(),
  steps: z.array(z.string()),
  weightsAfter: z.array(z.object({ region: Region, weight: z.number() })),
  replicas: z.number().int(),
  configurationAfter: z.record(z.string(), z.string()),
});
export type ColdFacts = z.output<typeof ColdFacts>;

/** Upper bounds that approvals cover. `lossMs`: from the newest change in the vault to the last that was acknowledged. */
export const ColdLimits = z.object({ lossMs: z.number(), durationMs: z.number() });
export type ColdLimits = z.output<typeof ColdLimits>;

/** What a run is given. `backupId` stays as it was approved; what was captured after it is read as far as it goes by then. */
export const ColdInput = z.object({ facts: ColdFacts, limits: ColdLimits, backupId: BackupId, reason: z.string() });
export type ColdInput = z.output<typeof ColdInput>;

/** Figures that move: shown, compared with limits, never hashed. */
export interface ColdLive {
  readonly checkedAt: Date;
  readonly reachesAt: Date;
  readonly lossMs: number;
  /** Acknowledged writes behind that; undefined when the users' records can't be read. */
  readonly lossWrites: number | undefined;
  readonly documents: number;
  readonly bytes: number;
  readonly roomFor: number | undefined;
}
