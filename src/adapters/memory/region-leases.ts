import { DrError, type Region, type RequestId } from '#core';
import type { RegionLease, RegionLeases } from '#ports';

const numberOf = (run: RequestId | undefined): number => (run === undefined ? 0 : Number(run.slice(2)));
const laterOf = (a: RequestId | undefined, b: RequestId): RequestId => (a && numberOf(a) > numberOf(b) ? a : b);

/** Region leases in this process. No time passes in them: what runs out, runs out with those who renewed. */
export function memoryRegionLeases(ttlMs: number, leases = new Map<Region, RegionLease>()): RegionLeases {
  const nothing = { fence: 0, renewals: 0, ttlMs, instances: [], run: undefined };
  const keep = (lease: RegionLease): RegionLease => {
    leases.set(lease.region, lease);
    return lease;
  };
  return {
    read: async (region) => leases.get(region),
    renew: async (region, instance) => {
      const now = leases.get(region);
      if (now?.state !== 'open') return { granted: false };
      const instances = [instance, ...now.instances.filter((each) => each !== instance)].slice(0, 8);
      keep({ ...now, renewals: now.renewals + 1, instances });
      return { granted: true, ttlMs: Math.min(ttlMs, now.ttlMs), fence: now.fence };
    },
    close: async (region, run, ifRenewals) => {
      const now = leases.get(region);
      if (ifRenewals !== undefined && now?.renewals !== ifRenewals) return undefined;
      const fence = (now?.fence ?? 0) + (now?.state === 'closed' ? 0 : 1);
      return keep({ ...nothing, ...now, region, state: 'closed', fence, run: laterOf(now?.run, run) });
    },
    open: async (region, run) => {
      const now = leases.get(region);
      if (now?.state === 'open') return keep({ ...now, run: run ? laterOf(now.run, run) : now.run });
      if (now && !run) return now;
      if (now?.run && run && numberOf(now.run) > numberOf(run)) {
        throw new DrError('WRONG_STATE', 'permanent', `${run} can't open ${region}: ${now.run} has closed it since.`);
      }
      const opened = { ...nothing, region, state: 'open' as const, fence: (now?.fence ?? 0) + 1, run };
      const renewals = now?.renewals ?? 0;
      if (!now || now.run !== run) return keep({ ...opened, renewals });
      return keep({ ...opened, renewals, instances: now.instances, ttlMs: Math.max(ttlMs, now.ttlMs) });
    },
  };
}
