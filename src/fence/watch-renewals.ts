import type { Region } from '#core';
import type { RegionLease } from '#ports';

/** A number of renewals, and since when it has been the same, by the watcher's monotonic clock. */
interface Still {
  readonly renewals: number;
  readonly sinceMs: number;
}

export interface RenewalWatch {
  /** Notes what was read, once the answer is here: what it shows was granted before that moment. */
  saw(lease: RegionLease, nowMs: number): void;
  /**
   * For how long no renewal beyond `renewals` was granted, as far as this process has seen, in ms. 0 when it knows another number
   * or none: a process that has just started knows no silence.
   */
  silentMs(region: Region, renewals: number, nowMs: number): number;
}

/**
 * Watches the number of renewals of each region stand still. Two moments of one monotonic clock are subtracted, never two
 * clocks: it does not matter what time anybody thinks it is. Pure but for what it remembers.
 */
export function watchRenewals(): RenewalWatch {
  const still = new Map<Region, Still>();
  return {
    saw: ({ region, renewals }, nowMs) => {
      const known = still.get(region);
      // an answer that was overtaken by a newer one tells nothing new
      if (known && known.renewals >= renewals) return;
      still.set(region, { renewals, sinceMs: nowMs });
    },
    silentMs: (region, renewals, nowMs) => {
      const known = still.get(region);
      return known?.renewals === renewals ? nowMs - known.sinceMs : 0;
    },
  };
}
