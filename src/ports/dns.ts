import type { Region } from '#core';

/** Of all answers, the region gets the share weight / sum of weights. */
export interface RegionWeight {
  readonly region: Region;
  readonly weight: number;
}

/**
 * The weighted records that send drivers to a region. Throws DNS_UNAVAILABLE (transient) and DNS_REFUSED (permanent:
 * rights, a record that does not exist).
 */
export interface Dns {
  /** The weights as written, sorted by region. They may not have reached every name server yet. */
  weights(): Promise<readonly RegionWeight[]>;
  /**
   * Writes these weights in one change: either all or none. Idempotent. Returns what to ask `isInSync` for.
   * Records are changed, never created: DNS_REFUSED names a region that has none.
   */
  setWeights(weights: readonly RegionWeight[]): Promise<{ readonly change: string }>;
  /** Whether every name server gives the changed answer. */
  isInSync(change: string): Promise<boolean>;
  /** How long resolvers may keep an old answer after that, in seconds. */
  ttlSeconds(): Promise<number>;
}
