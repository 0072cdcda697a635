import type { Region, Sha256 } from '#core';

/** What users of the service see, over the last seconds. */
export interface TrafficView {
  /** Over which the counts were made, in ms. */
  readonly windowMs: number;
  readonly byRegion: readonly RegionTraffic[];
}

export interface RegionTraffic {
  readonly region: Region;
  readonly acknowledged: number;
  readonly failed: number;
  /** Of the acknowledged, 95 % took no longer; undefined where there were none, or nobody measures. */
  readonly p95Ms?: number | undefined;
}

/** A write that the service confirmed to a driver, as the driver remembers it. */
export interface AcknowledgedWrite {
  readonly id: string;
  /** SHA-256 of what was written, see the adapter. */
  readonly hash: Sha256;
  readonly at: Date;
}

/** Live traffic, from the users' side. Throws SERVICE_UNAVAILABLE (transient). */
export interface Traffic {
  view(): Promise<TrafficView>;
  /** Every write acknowledged in [since, until), oldest first. Breaks with SERVICE_UNAVAILABLE when cut short. */
  acknowledged(since: Date, until: Date): AsyncIterable<AcknowledgedWrite>;
  /** Writes `count` test records through a region's service and reads each back through it; how many came back equal. */
  probe(region: Region, count: number): Promise<{ readonly written: number; readonly readBack: number }>;
}

/** Reads back, by a way that does not lead through the service, what the database has of some writes. */
export interface WrittenRecords {
  /** Hashes by id, majority-committed, from the present primary; an id that is not there is left out. */
  hashes(ids: readonly string[]): Promise<ReadonlyMap<string, Sha256>>;
  /**
   * Hashes of what was inserted under these ids since then, as the present primary's history has it, whatever was done
   * to it afterwards. What is in there was kept by the primary, even when somebody deleted it a moment later.
   */
  inserted(ids: readonly string[], since: Date): Promise<ReadonlyMap<string, Sha256>>;
}
