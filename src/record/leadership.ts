import type { Clock } from '#core';
import type { Lease, Leases } from '#ports';

/** Being the only one for a while. */
export interface Leadership {
  /**
   * Whether this process is the one and will be for at least `marginMs` more, by its own monotonic clock. Takes or
   * extends the lease as needed. Throws STORE_UNAVAILABLE.
   */
  hold(marginMs: number): Promise<boolean>;
  /** Whether it was taken anew since this was last asked: what the one before did last is then not known. */
  isNew(): boolean;
  giveUp(): Promise<void>;
}

interface Parts {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly name: string;
  readonly holder: string;
  readonly ttlMs: number;
}

export function createLeadership({ leases, clock, name, holder, ttlMs }: Parts): Leadership {
  let held: { readonly lease: Lease; readonly endsAtMs: number } | undefined;
  let fresh = false;

  /** Counted from before the question, so that our idea of the end is never later than the store's. */
  const ask = async (question: () => Promise<Lease | undefined>) => {
    const askedAtMs = clock.monotonicMs();
    const lease = await question();
    held = lease && { lease, endsAtMs: askedAtMs + ttlMs };
    return held;
  };
  const leftMs = (): number => (held ? held.endsAtMs - clock.monotonicMs() : 0);

  return {
    hold: async (marginMs) => {
      const current = held;
      if (current && leftMs() > Math.max(marginMs, (ttlMs * 2) / 3)) return true;
      if (current && (await ask(() => leases.renew(current.lease, ttlMs)))) return leftMs() > marginMs;
      if (await ask(() => leases.acquire(name, holder, ttlMs))) {
        fresh = true;
        return leftMs() > marginMs;
      }
      return false;
    },
    isNew: () => {
      const was = fresh;
      fresh = false;
      return was;
    },
    giveUp: async () => {
      if (held) await leases.release(held.lease);
      held = undefined;
    },
  };
}
