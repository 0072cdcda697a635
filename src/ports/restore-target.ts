import type { RawDocument, RawValue } from '#core';

/** A collection of one database. */
export interface Namespace {
  readonly database: string;
  readonly name: string;
}

export interface TargetCollection extends Namespace {
  readonly uuid: string;
  readonly kind: 'collection' | 'view' | 'timeseries';
  readonly options: RawDocument;
}

/** A change to one document, by its `_id`. Each is safe to do again. */
export type DocumentChange =
  /** The document is this one, whether it was there or not. */
  | { readonly kind: 'put'; readonly id: RawValue; readonly document: RawDocument }
  /** A `$v: 2` update of the oplog, applied if the document is there. */
  | { readonly kind: 'patch'; readonly id: RawValue; readonly update: RawDocument }
  | { readonly kind: 'remove'; readonly id: RawValue };

export interface TtlIndex {
  /** undefined: the collection is clustered and expires by its `_id`. */
  readonly index: string | undefined;
  readonly expireAfterSeconds: number;
}

/** What is left on the disk of one member, in bytes. */
export interface DiskRoom {
  readonly member: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * Where a restore writes. It passes validators and the write block by its role, keeps every byte, and waits for a
 * majority wherever a step may be taken as done. Any call may throw DATABASE_UNAVAILABLE (transient), DATABASE_REFUSED
 * (permanent) or, where it writes, DISK_FULL (transient).
 */
export interface RestoreTarget {
  /** Every collection and view of a database. */
  collections(database: string): Promise<readonly TargetCollection[]>;
  /** The indexes of a collection, `_id` included, as `listIndexes` gives them. */
  indexes(at: Namespace): Promise<readonly RawDocument[]>;
  /** Throws TARGET_EXISTS (permanent) when there is one of that name. */
  create(at: Namespace, options: RawDocument): Promise<void>;
  /** Nothing happens when there is none. */
  drop(at: Namespace): Promise<void>;
  /** Within one database; the UUID stays. Throws TARGET_EXISTS or NOT_FOUND (permanent). */
  rename(from: Namespace, to: string): Promise<void>;
  /** Inserts documents that are not there yet, byte for byte, Timestamp(0,0) included. */
  insert(at: Namespace, documents: readonly RawDocument[]): Promise<void>;
  /** Does the changes in order. */
  apply(at: Namespace, changes: readonly DocumentChange[]): Promise<void>;
  /** Builds indexes that are not there yet. Throws RESTORE_MISMATCH (permanent) when the data does not allow one. */
  createIndexes(at: Namespace, specs: readonly RawDocument[]): Promise<void>;
  /** Makes an index, or a clustered collection, expire its documents. Idempotent. */
  expire(at: Namespace, ttl: TtlIndex): Promise<void>;
  /**
   * The room on every member that answers, the least first. `databases`: where to ask, since a server says it only for a
   * database that exists; empty when none does.
   */
  room(databases: readonly string[]): Promise<readonly DiskRoom[]>;
  createView(at: Namespace, definition: RawDocument): Promise<void>;
  /** Every document, in storage order, a majority read; the bytes are lent until the next batch. */
  read(at: Namespace, signal: AbortSignal): AsyncIterable<{ readonly documents: Buffer; readonly count: number }>;
}
