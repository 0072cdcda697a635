import type { Clock, Region } from '#core';
import type { FenceView, RegionLeases } from '#ports';

/** What a fence stands on. */
export interface FenceOptions {
  /** Undefined where the plan has none: then only stopped members are a fence, and opening and closing do nothing. */
  readonly leases: RegionLeases | undefined;
  /** Whose leases are watched in the background. */
  readonly regions: readonly Region[];
  /** Waited longer than a lease lasts: two machines' clocks do not tick alike. In ms. */
  readonly marginMs: number;
  readonly clock: Clock;
  /** The region's members, when each of them is held by its machine; undefined when that is not so or not known. */
  readonly membersStopped?: (region: Region) => Promise<readonly string[] | undefined>;
  /** Which members of a region answer, and to which regions. What can't be asked is left out. */
  readonly answering?: (region: Region) => Promise<FenceView['answering']>;
}
