import { type Region, type RequestId, say, at as shown } from '#core';
import { allGivenUp, openGivenUpRegions } from '#failover';
import type { ControlStore } from '#ports';

/** Which failover took users away from a region without asking it, and when. */
export interface LeftRegion {
  readonly run: RequestId;
  readonly at: Date;
}
export type LeftRegions = ReadonlyMap<Region, LeftRegion>;

/** The regions that were left and wait for their rebuild. Throws STORE_UNAVAILABLE (transient). */
export async function leftRegions({ store }: { readonly store: ControlStore }): Promise<LeftRegions> {
  const notes = await allGivenUp(openGivenUpRegions(store));
  return new Map(notes.map(({ id, run, at }) => [id, { run, at }]));
}

/** What is wrong in such a region is known to those who left it: it can wait for the morning, and the rebuild ends it. */
export const inLeftRegion = (region: Region, { run, at }: LeftRegion) => ({
  severity: 'sev-3' as const,
  effect: say`Nobody is served from ${region}: ${run} left it at ${shown(at)}. Until it is rebuilt there is no way back.`,
  next: `/dr rebuild ${region}`,
});
