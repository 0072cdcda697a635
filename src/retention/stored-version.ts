import type { ObjectStore, StoredVersion } from '#ports';

/** A version and the bucket it is in. */
export interface VersionThere extends StoredVersion {
  readonly store: ObjectStore;
}

/** Every version and delete marker under a prefix in these buckets, by key. Throws while one of them is silent. */
export async function versionsUnder(
  stores: readonly ObjectStore[],
  prefix: string,
  signal?: AbortSignal,
): Promise<Map<string, VersionThere[]>> {
  const versions = new Map<string, VersionThere[]>();
  for (const store of stores) {
    for await (const version of store.listVersions(prefix)) {
      signal?.throwIfAborted();
      const there = versions.get(version.key) ?? [];
      versions.set(version.key, there);
      there.push({ ...version, store });
    }
  }
  return versions;
}
