import { Region, type RequestId, say, at as shown } from '#core';
import { givenUp, openGivenUpRegions } from '#failover';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';

/** Which failover took users away from a region without asking it, and when. */
export interface LeftRegion {
  readonly run: RequestId;
  readonly at: Date;
}
export type LeftRegions = ReadonlyMap<Region, LeftRegion>;

/** The regions that were left and wait for their rebuild. Throws STORE_UNAVAILABLE (transient). */
export async function leftRegions({
  store,
  plan,
}: {
  readonly store: ControlStore;
  readonly plan: Plan;
}): Promise<LeftRegions> {
  const notes = openGivenUpRegions(store);
  const regions = Object.keys(plan.regions).map((name) => Region.parse(name));
  const found = await Promise.all(regions.map((region) => givenUp(notes, region)));
  return new Map(found.flatMap((note) => (note ? [[note.id, { run: note.run, at: note.at }]] : [])));
}

/** What is wrong in such a region is known to those who left it: it can wait for the morning, and the rebuild ends it. */
export const inLeftRegion = (region: Region, { run, at }: LeftRegion) => ({
  severity: 'sev-3' as const,
  effect: say`Nobody is served from ${region}: ${run} left it at ${shown(at)}. Until it is rebuilt there is no way back.`,
  next: `/dr rebuild ${region}`,
});
