/**
 * A right to act alone for a while. `token` grows with every new holder: whoever writes under a lease writes its
 * token too, and a write with a smaller token than the last one is refused.
 */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly token: number;
  /** By the store's clock. */
  readonly expiresAt: Date;
}

/** Leases by the control store's clock; machines' clocks do not matter. */
export interface Leases {
  /** Takes the lease if nobody holds it or the holder's time has run out; undefined when somebody holds it. */
  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  /** Extends a lease still held under this token; undefined when it was lost. Idempotent. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  /** Gives it up early. Harmless when it was already lost. */
  release(lease: Lease): Promise<void>;
  /** Who holds it now, expired or not; undefined when nobody ever did. */
  read(name: string): Promise<Lease | undefined>;
}
