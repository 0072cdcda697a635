import type { Clock } from '#core';
import type { Lease, Leases } from '#ports';

/** Leases in this process, by the clock given. */
export function memoryLeases(clock: Clock): Leases {
  const leases = new Map<string, Lease>();
  const after = (ms: number): Date => new Date(clock.now().getTime() + ms);
  const heldStill = (lease: Lease): Lease | undefined => {
    const current = leases.get(lease.name);
    const same = current?.token === lease.token && current.holder === lease.holder;
    return same && current.expiresAt > clock.now() ? current : undefined;
  };
  const keep = (lease: Lease): Lease => {
    leases.set(lease.name, lease);
    return lease;
  };
  return {
    acquire: async (name, holder, ttlMs) => {
      const current = leases.get(name);
      if (current && current.expiresAt > clock.now()) return undefined;
      return keep({ name, holder, token: (current?.token ?? 0) + 1, expiresAt: after(ttlMs) });
    },
    renew: async (lease, ttlMs) => {
      const current = heldStill(lease);
      if (!current) return undefined;
      const expiresAt = after(ttlMs);
      return keep({ ...current, expiresAt: expiresAt > current.expiresAt ? expiresAt : current.expiresAt });
    },
    release: async (lease) => {
      const current = heldStill(lease);
      if (current) keep({ ...current, expiresAt: clock.now() });
    },
    read: async (name) => leases.get(name),
  };
}
