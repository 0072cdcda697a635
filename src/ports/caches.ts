import type { Region } from '#core';

/** A cache as its own server tells of it. */
export interface CacheView {
  readonly role: 'primary' | 'replica';
  /** In its first database, which is the one that counts for a cache. */
  readonly keys: number;
}

/** The caches of the protected service, one a region and name, as plan.yaml names them. */
export interface Caches {
  /** Throws SERVICE_UNAVAILABLE within seconds: transient, or permanent where it has no address or refuses us. */
  look(cache: string, region: Region): Promise<CacheView>;
  /** Makes this region's copy a primary that takes writes, with what it has. Idempotent. Throws as `look`. */
  promote(cache: string, region: Region): Promise<void>;
}
