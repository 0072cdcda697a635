import { DrError, type Region } from '#core';
import type { DnsSwitch } from '#ports';

export interface MemoryDnsSwitch extends DnsSwitch {
  /** The next calls throw this, until it is taken back. */
  failWith(error: DrError | undefined): void;
}

/** Switches of these regions in this process. */
export function memoryDnsSwitch(regions: readonly Region[]): MemoryDnsSwitch {
  const thrown = new Set<Region>();
  let failure: DrError | undefined;
  const guard = (from?: Region): void => {
    if (failure) throw failure;
    if (from !== undefined && !regions.includes(from))
      throw new DrError('DNS_REFUSED', 'permanent', `The plan has no switch for ${from}.`);
  };
  return {
    divert: async (from, to) => {
      guard(from);
      const isOpen = to !== undefined && !regions.includes(to);
      const other = isOpen ? undefined : [...thrown].find((region) => region !== from);
      if (other !== undefined)
        throw new DrError('DNS_REFUSED', 'permanent', `Drivers are turned away from ${other} already.`);
      thrown.add(from);
    },
    undivert: async (from) => {
      guard(from);
      thrown.delete(from);
    },
    diverted: async () => {
      guard();
      return [...thrown];
    },
    failWith: (error) => {
      failure = error;
    },
  };
}
