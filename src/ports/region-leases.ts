import type { Region, RequestId } from '#core';

/**
 * A region's right to take its users' writes. It is open or closed in the control store; while it is open, the instances of
 * the service in that region renew it again and again, and each stops writing by its own monotonic clock when its last
 * renewal is older than the lease lasts.
 */
export interface RegionLease {
  readonly region: Region;
  readonly state: 'open' | 'closed';
  /** Grows whenever the lease is opened or closed. */
  readonly fence: number;
  /** Grows with every renewal, never falls: a number that stands still means that nobody has renewed. */
  readonly renewals: number;
  /** No renewal under this fence was granted for longer than this, in ms, whatever plan whoever granted it had. */
  readonly ttlMs: number;
  /** Which instances renewed since it was opened, newest first, a few of them. They stay when it is closed. */
  readonly instances: readonly string[];
  /** The latest run that opened or closed it, by its number; undefined when none has yet. */
  readonly run: RequestId | undefined;
}

export type Renewal =
  /** The instance may write for so long, counted from the moment before it asked. */
  { readonly granted: true; readonly ttlMs: number; readonly fence: number } | { readonly granted: false };

/**
 * Region leases in the control store, written by majority. No answer depends on a clock: whether a lease has run out is
 * known by watching `renewals` stand still for longer than it lasts. Throws STORE_UNAVAILABLE (transient).
 */
export interface RegionLeases {
  /** Undefined for a region that was never opened or closed. */
  read(region: Region): Promise<RegionLease | undefined>;
  /** Granted only while open. */
  renew(region: Region, instance: string): Promise<Renewal>;
  /**
   * Refuses every renewal from now on. With `ifRenewals`, only if nobody has renewed since that number was read; undefined when
   * somebody has. Idempotent for a run.
   */
  close(region: Region, run: RequestId, ifRenewals?: number): Promise<RegionLease | undefined>;
  /**
   * Grants renewals again. Idempotent for a run. WRONG_STATE (permanent) when a later run than this one closed it: a worker that
   * was frozen in the middle of an old run must not open what a new one has fenced. Without a run only a region is opened that
   * never was opened or closed; any other is answered as it is.
   */
  open(region: Region, run: RequestId | undefined): Promise<RegionLease>;
}
