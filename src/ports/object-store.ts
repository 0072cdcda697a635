import type { Region, Sha256 } from '#core';
import type { Storage, StorageClass } from './storage-class.ts';

/** How long an object version refuses deletion, and whether an administrator may lift that. */
export interface ObjectLock {
  readonly mode: 'governance' | 'compliance';
  readonly until: Date;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** The service's mark of the bytes: while it is the same, so are they. Compared within one bucket only. */
  readonly etag: string;
}

/** One version of a key, as a listing of versions shows it. A delete marker hides the versions before it. */
export interface StoredVersion extends StoredObject {
  readonly versionId: string;
  readonly kind: 'object' | 'delete-marker';
  /** Whether a read of the key without a version meets this one. */
  readonly current: boolean;
  /** By the service's clock, not ours. */
  readonly writtenAt: Date;
}

/** What became of the wish to delete a version. Refused by a lock or a legal hold is an answer, not an error. */
export type Deletion =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'retained'; readonly until: Date | undefined; readonly legalHold: boolean };

/** An upload in parts that was begun and neither finished nor given up. It costs like an object and no list shows it. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
}

export interface ObjectHead {
  readonly size: number;
  readonly lock: ObjectLock | 'none';
  readonly legalHold: boolean;
  readonly storage: Storage;
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
   * the body, where it is known: the service then refuses other bytes than were hashed (OBJECT_STORE_REFUSED, `BadDigest`).
   */
  put(
    key: string,
    body: Uint8Array,
    options: { readonly lock: ObjectLock | 'none'; readonly ifAbsent: boolean; readonly sha256?: Sha256 },
  ): Promise<{ readonly versionId: string }>;
  /**
   * The bytes of that version, or of the current one. Throws NOT_FOUND (permanent), and OBJECT_ARCHIVED (permanent) where
   * it must be thawed first. Not verified: callers hash.
   */
  get(key: string, versionId?: string): Promise<Buffer>;
  /** What is known about a version without reading it; undefined when there is none. */
  head(key: string, versionId?: string): Promise<ObjectHead | undefined>;
  /** The current objects under a prefix, by key, ascending. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** What stands between a prefix and the next `/` in the keys of current objects, each once, ascending. */
  folders(prefix: string): Promise<readonly string[]>;
  /** Every version and delete marker under a prefix: by key ascending, the newest version of a key first. */
  listVersions(prefix: string): AsyncIterable<StoredVersion>;
  /**
   * Removes one version, or one delete marker, for good. Never lifts a lock, not even one that an administrator could:
   * a version that is locked or under legal hold is `retained`. Idempotent: one that is gone is `deleted`.
   */
  deleteVersion(key: string, versionId: string): Promise<Deletion>;
  /**
   * Makes a version's lock last at least until then and answers with the lock it has now. Never shortens one and never
   * makes a compliance lock weaker; an unlocked version gets this one. Idempotent. Throws NOT_FOUND (permanent).
   */
  extendLock(key: string, versionId: string, lock: ObjectLock): Promise<ObjectLock>;
  /** Puts a legal hold on a version, or takes it off: it has no end of its own. Idempotent. Throws NOT_FOUND (permanent). */
  setLegalHold(key: string, versionId: string, hold: 'on' | 'off'): Promise<void>;
  /**
   * Asks for a readable copy of a version in a cold class, for so many days; it is there hours later. Idempotent: one that
   * is on its way, or needs none, is left alone. Throws NOT_FOUND (permanent).
   */
  thaw(key: string, versionId: string | undefined, days: number): Promise<void>;
  /**
   * Says which class a version is to move to; the bucket's own rule moves it within days, as the same version and under the
   * same lock. Replaces what was said before. Idempotent. Throws NOT_FOUND (permanent).
   */
  wantClass(key: string, versionId: string, storageClass: StorageClass): Promise<void>;
  /** Uploads in parts under a prefix that nobody finished, by key ascending. */
  listUploads(prefix: string): AsyncIterable<UnfinishedUpload>;
  /** Gives such an upload up and frees its parts. Idempotent. */
  abortUpload(key: string, uploadId: string): Promise<void>;
}
