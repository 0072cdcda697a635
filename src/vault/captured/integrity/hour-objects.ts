import type { Region } from '#core';
import { hourPrefixes } from '../captured-range.ts';
import type { PatientRegions } from './patient-regions.ts';

/** One version with content; a reader without a version meets the current one. */
export interface VersionThere {
  readonly versionId: string;
  readonly current: boolean;
}

/** What lies under one key, in every region that answered: its versions, newest first, delete markers left out. */
export interface HourObject {
  readonly key: string;
  readonly versions: ReadonlyMap<Region, readonly VersionThere[]>;
}

/**
 * Everything that any region has of an hour, also what a delete marker hides: segments, archive, keys, by key. A region
 * that does not answer is unread from then on.
 */
export async function hourObjects(regions: PatientRegions, timeline: number, hour: string): Promise<HourObject[]> {
  const found = new Map<string, Map<Region, VersionThere[]>>();
  for (const store of regions.stores()) {
    const there = await regions
      .read(store, async (asked) => {
        const versions: { key: string; version: VersionThere }[] = [];
        for (const prefix of hourPrefixes(timeline, hour)) {
          for await (const { key, kind, versionId, current } of asked.listVersions(prefix)) {
            if (kind === 'object') versions.push({ key, version: { versionId, current } });
          }
        }
        return versions;
      })
      .catch((thrown: unknown) => {
        if (regions.unread.has(store.region)) return [];
        throw thrown;
      });
    for (const { key, version } of there) {
      const object = found.get(key) ?? new Map<Region, VersionThere[]>();
      found.set(key, object);
      object.set(store.region, [...(object.get(store.region) ?? []), version]);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, versions]) => ({ key, versions }));
}
