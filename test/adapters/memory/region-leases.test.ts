import { memoryRegionLeases } from '#adapters/memory';
import type { Region } from '#core';
import type { RegionLease, RegionLeases } from '#ports';
import { regionLeasesContract } from '../../contract/region-leases.contract.ts';

regionLeasesContract(async () => {
  const kept = new Map<Region, RegionLease>();
  return { leases: (ttlMs): RegionLeases => memoryRegionLeases(ttlMs, kept), close: async () => undefined };
});
