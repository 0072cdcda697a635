import { z } from 'zod';
import { Region, RequestId } from '#core';
import { type ControlStore, changeRecord, insertNew, type Records } from '#ports';

/** A region that production was taken away from without asking it: its members may have writes that nobody else has. */
export const GivenUpRegion = z.object({
  id: Region,
  /** The failover that gave it up. */
  run: RequestId,
  at: z.date(),
  /** The rebuild after which its members are followers like any other. */
  rebuilt: z.object({ run: RequestId, at: z.date() }).optional(),
});
export type GivenUpRegion = z.output<typeof GivenUpRegion>;
export type GivenUpRegions = Records<GivenUpRegion>;

export const openGivenUpRegions = (store: ControlStore): GivenUpRegions =>
  store.records<GivenUpRegion>('given-up-regions', GivenUpRegion);

/** Notes, before a configuration is forced, that this run gives the region up. Idempotent for a run. */
export async function noteGivenUp(regions: GivenUpRegions, region: Region, run: RequestId, at: Date): Promise<void> {
  const first: GivenUpRegion = { id: region, run, at };
  const changed = await changeRecord(regions, region, (known) => (known.run === run ? known : first));
  if (!changed) await insertNew(regions, first);
}

/** Takes that back: the run was put back before anything was forced. Idempotent; another run's note stays. */
export async function takeBackGivenUp(regions: GivenUpRegions, region: Region, run: RequestId): Promise<void> {
  const known = await regions.get(region);
  if (known?.value.run === run) await regions.remove(known);
}

/** Notes that a rebuild has made followers of all its members. Idempotent; nothing happens for a region never given up. */
export async function noteRebuilt(regions: GivenUpRegions, region: Region, run: RequestId, at: Date): Promise<void> {
  await changeRecord(regions, region, (known) => ({ ...known, rebuilt: known.rebuilt ?? { run, at } }));
}

/** The region's note while it still waits for its rebuild. */
export async function givenUp(regions: GivenUpRegions, region: Region): Promise<GivenUpRegion | undefined> {
  const known = (await regions.get(region))?.value;
  return known?.rebuilt ? undefined : known;
}

/** More than any plan has. */
const MOST_REGIONS = 50;

/** All regions that wait for their rebuild. Throws STORE_UNAVAILABLE (transient). */
export async function allGivenUp(regions: GivenUpRegions): Promise<GivenUpRegion[]> {
  const known = await regions.find({ limit: MOST_REGIONS });
  return known.flatMap(({ value }) => (value.rebuilt ? [] : [value]));
}
