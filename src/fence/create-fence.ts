import { DrError } from '#core';
import type { Fence } from '#ports';
import type { FenceOptions } from './fence-options.ts';
import { lookAtFence } from './look-at-fence.ts';
import { proveFence } from './prove-fence.ts';
import { watchRenewals } from './watch-renewals.ts';

export interface WatchingFence extends Fence {
  /**
   * Looks once how often each region has renewed. Called every second or so, silence is known before anybody asks, and a fence that
   * is asked for in an emergency need not wait for it. Throws STORE_UNAVAILABLE (transient).
   */
  watch(): Promise<void>;
}

/** The fence on region leases. See docs/region-leases.md for why it holds. */
export function createFence(options: FenceOptions): WatchingFence {
  const { leases, regions, clock } = options;
  const renewals = watchRenewals();
  const parts = { ...options, renewals };
  return {
    watch: async () => {
      if (!leases) return;
      await Promise.all(
        regions.map(async (region) => {
          const lease = await leases.read(region);
          if (lease) renewals.saw(lease, clock.monotonicMs());
        }),
      );
    },
    look: (region) => lookAtFence(region, parts),
    prove: (region, run, signal) => proveFence(region, run, signal, parts),
    open: async (region, run) => {
      const lease = await leases?.open(region, run);
      if (lease?.state === 'closed') throw new DrError('UNEXPECTED', 'bug', `The lease of ${region} did not open.`);
    },
    close: async (region, run) => {
      await leases?.close(region, run);
    },
  };
}
