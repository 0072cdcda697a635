import type { Region } from '#core';
import type { RegionLease } from '#ports';
import type { FenceOptions } from './fence-options.ts';
import type { RenewalWatch } from './watch-renewals.ts';

export interface FenceParts extends FenceOptions {
  readonly renewals: RenewalWatch;
}

/** How long nobody may have renewed until every renewal ever granted has run out everywhere, in ms. */
export const neededMs = (lease: RegionLease, { marginMs }: FenceParts): number => lease.ttlMs + marginMs;

/** Reads the lease and notes what it shows. */
export async function readLease(
  region: Region,
  { leases, renewals, clock }: FenceParts,
): Promise<RegionLease | undefined> {
  const lease = await leases?.read(region);
  if (lease) renewals.saw(lease, clock.monotonicMs());
  return lease;
}

/** The members, when all of them are held. A machine that does not answer has not said that its member is stopped. */
export const stoppedIn = async (
  region: Region,
  { membersStopped }: FenceParts,
): Promise<readonly string[] | undefined> => membersStopped?.(region).catch(() => undefined);

/** Why a lease proves nothing, as a clause; undefined when it does. */
export function whyNoLease(region: Region, lease: RegionLease | undefined, { leases }: FenceParts): string | undefined {
  if (!leases) return 'the plan has no region leases';
  if (!lease) return `the lease of ${region} was never opened`;
  if (lease.instances.length > 0) return undefined;
  return `no instance in ${region} has renewed since its lease was opened, so it may write without one`;
}
