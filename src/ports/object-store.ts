import type { Region, Sha256 } from '#core';

/** How long an object version refuses deletion, and whether an administrator may lift that. */
export interface ObjectLock {
  readonly mode: 'governance' | 'compliance';
  readonly until: Date;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
}

/**
 * One versioned bucket of one region. Every put makes a version of its own; the version id is how a manifest names
 * exactly those bytes, because a delete marker hides a key but not its versions.
 *
 * Any call may throw OBJECT_STORE_UNAVAILABLE (transient; the region may be dead) or OBJECT_STORE_REFUSED (permanent;
 * `data.code` is the service's word, such as AccessDenied).
 */
export interface ObjectStore {
  readonly region: Region;
  /**
   * Writes an object, its checksum verified by the service. `ifAbsent` makes it a commit: throws TARGET_EXISTS
   * (permanent) when the key already has a current version. Repeating it without `ifAbsent` adds a version. `sha256` of
   * the body, where it is known: the service then proves that what arrived is what was hashed.
   */
  put(
    key: string,
    body: Uint8Array,
    options: { readonly lock: ObjectLock | 'none'; readonly ifAbsent: boolean; readonly sha256?: Sha256 },
  ): Promise<{ readonly versionId: string }>;
  /** The bytes of that version, or of the current one. Throws NOT_FOUND (permanent). Not verified: callers hash. */
  get(key: string, versionId?: string): Promise<Buffer>;
  /** What is known about a version without reading it; undefined when there is none. */
  head(
    key: string,
    versionId?: string,
  ): Promise<{ readonly size: number; readonly lock: ObjectLock | 'none' } | undefined>;
  /** The current objects under a prefix, by key, ascending. */
  list(prefix: string): AsyncIterable<StoredObject>;
}
