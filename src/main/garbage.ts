import { collectBuffersYoung } from '#core';

/** At 100 MB/s, a few megabytes between two looks. */
const EVERY_MS = 15;

/** For processes that carry runs; call it first of all. */
export function keepGarbageYoung(): void {
  setInterval(collectBuffersYoung(), EVERY_MS).unref();
}
