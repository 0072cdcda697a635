import { z } from 'zod';
import { Region } from '#core';
import { CachePlan } from './hand-over-caches.ts';

/** A region as a move between regions needs to know it. */
export const RegionSettings = z.object({
  region: Region,
  role: z.enum(['primary', 'hot-standby', 'cold-standby']),
  /** Where drivers' files go while this region is the active one. A cold standby serves nobody and has none. */
  filesBucket: z.string().optional(),
  /** Of a cold standby: where its database is founded, and within which time it serves. */
  databaseHost: z.string().optional(),
  coldWithinMs: z.number().positive().optional(),
});
export type RegionSettings = z.output<typeof RegionSettings>;

/** What the plan says about moving between regions, in one place. */
export const FailoverSettings = z.object({
  regions: z.array(RegionSettings).min(2),
  /** The cold region whose database this process was opened on; undefined while the usual ones serve. */
  coldServes: Region.optional(),
  service: z.object({
    /** As people know it: `eld-api`. */
    name: z.string(),
    /** DNS name that drivers resolve, for people. */
    dnsName: z.string(),
    replicas: z.object({ active: z.number().int().positive(), standby: z.number().int().nonnegative() }),
    configurationKeys: z.object({ activeRegion: z.string(), filesBucket: z.string() }),
    testWrites: z.number().int().positive(),
    /** Its own caches, and what is to become of them when their region is lost. */
    caches: z.array(CachePlan).default([]),
  }),
  planned: z.object({ pauseMs: z.number().positive(), durationMs: z.number().positive() }),
  /** `lossMs`: from the last write that the new side has to the last that the lost one acknowledged. */
  unplanned: z.object({
    pauseMs: z.number().positive(),
    durationMs: z.number().positive(),
    lossMs: z.number().nonnegative(),
  }),
  /** What a region that is built from the vault alone may lack at most. */
  rpoMs: z.number().positive().default(900_000),
  /** How long an instance may write after it renewed last; without leases, the longest a plan may say. */
  leaseMs: z.number().positive().default(60_000),
  failback: z.object({
    pauseMs: z.number().positive(),
    durationMs: z.number().positive(),
    /** Rising shares of traffic in percent, the last one 100. */
    trafficPercent: z.array(z.number().int().min(1).max(100)).min(1),
  }),
  /** A target further behind than this is not ready. */
  lagLimitMs: z.number().positive(),
  /** Transactions open for longer are ended before the write block, which would wait for them. */
  endTransactionsOlderThanMs: z.number().nonnegative().default(1_000),
  blockWithinMs: z.number().positive().default(3_000),
  /** How long drivers may take to follow the DNS, after Route 53 is in sync. */
  trafficMovedWithinMs: z.number().positive().default(300_000),
  /** Share of drivers in the new region from which the move counts as seen. */
  movedShare: z.number().min(0.5).max(1).default(1),
  /** More failed requests than this share, while traffic shifts, stop the shift. */
  failedShareLimit: z.number().min(0).max(1).default(0.05),
  /** Slower than that, by the 95th percentile, stops it too. */
  p95LimitMs: z.number().positive().default(1_000),
  servicesReadyWithinMs: z.number().positive().default(180_000),
  /** Writes acknowledged this long before the block are read back too: longer than any lag a target may have. */
  /** While a region is lost: how long a preview waits for whatever may be lost with it. */
  askWithinMs: z.number().positive().default(2_000),
  /** A survivor takes a dead primary for alive until its heartbeats have failed for 10 s: so long a forced order is repeated. */
  forceWithinMs: z.number().positive().default(20_000),
  /** An order whose answer nobody heard may still be carried out for so long. */
  lateOrdersMs: z.number().nonnegative().default(5_000),
  /** A vault that does not take the survivor's tail by then is not waited for: drivers are. */
  saveTailWithinMs: z.number().positive().default(3_000),
  readBackBeforeMs: z.number().nonnegative().default(120_000),
});
export type FailoverSettings = z.output<typeof FailoverSettings>;
