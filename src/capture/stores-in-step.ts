import type { Region } from '#core';
import type { ObjectStore } from '#ports';

/** Puts of one region that may be on their way at once; each holds its segment in memory. */
const MOST_ON_THEIR_WAY = 4;

/**
 * The stores that keep step. One that is slow, or dead and not yet refused, is passed over until its puts have ended,
 * so that it costs neither time nor memory; what it missed is copied to it later.
 */
export function storesInStep(all: readonly ObjectStore[], needed: number): { now(): readonly ObjectStore[] } {
  const onTheirWay = new Map<Region, number>();
  const count = (region: Region, by: number): void => {
    onTheirWay.set(region, (onTheirWay.get(region) ?? 0) + by);
  };
  const watched = all.map(
    (store): ObjectStore => ({
      ...store,
      put: async (key, body, options) => {
        count(store.region, 1);
        try {
          return await store.put(key, body, options);
        } finally {
          count(store.region, -1);
        }
      },
    }),
  );
  return {
    now() {
      const ready = watched.filter(({ region }) => (onTheirWay.get(region) ?? 0) < MOST_ON_THEIR_WAY);
      return ready.length >= needed ? ready : watched;
    },
  };
}
