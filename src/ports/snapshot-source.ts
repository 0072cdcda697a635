import type { RawDocument } from '#core';
import type { OplogTime } from './oplog-source.ts';
import type { ServerKind } from './server-kind.ts';

/** A collection as `listCollections` and `listIndexes` describe it. Options and indexes stay bytes. */
export interface SourceCollection {
  readonly uuid: string;
  readonly database: string;
  readonly name: string;
  readonly kind: 'collection' | 'timeseries-buckets';
  readonly options: RawDocument;
  readonly indexes: readonly RawDocument[];
  /** The server's own figures; estimates, for progress and for the order of work. */
  readonly estimate: { readonly documents: number; readonly bytes: number };
}

/** A view, as its entry in `system.views`: `_id` ("db.name"), `viewOn`, `pipeline`, perhaps `collation`. */
export interface SourceView {
  readonly database: string;
  readonly name: string;
  readonly definition: RawDocument;
}

export interface SourceCatalog {
  readonly collections: readonly SourceCollection[];
  readonly views: readonly SourceView[];
}

/** Documents one after the other. The bytes are lent: they are valid until the next batch is asked for. */
export interface DocumentBatch {
  readonly documents: Buffer;
  readonly count: number;
  /** Where it ends, for a reading that goes on behind it; undefined where the server does not tell. A copy, not lent. */
  readonly position?: ReadPosition | undefined;
}

/**
 * How far a range was read: what the server calls a record of its own in storage order (no other member knows it), an
 * `_id` (`{ _id: … }`) in the order of `_id`s.
 */
export type ReadPosition = RawDocument;

/**
 * Where a collection is read: all of it in storage order, or a part of it by `_id`, lower end inclusive. With `behind`,
 * only what comes after that position of the same range.
 */
export type ReadRange =
  | { readonly kind: 'all'; readonly behind?: ReadPosition | undefined }
  | {
      readonly kind: 'ids';
      readonly from: RawDocument | 'first';
      readonly to: RawDocument | 'last';
      readonly behind?: ReadPosition | undefined;
    };

/**
 * One member of the protected replica set, read for a snapshot. Reads are majority reads at or after `since`, by
 * UUID: by name, a collection that is renamed or dropped meanwhile reads as empty, without an error.
 * Any call may throw DATABASE_UNAVAILABLE (transient) or DATABASE_REFUSED (permanent).
 */
export interface SnapshotSource {
  /** The member that is read, `host:port`. */
  readonly member: string;
  /** What its servers are: a restore elsewhere asks whether those there can take what these wrote. */
  serverKind(): Promise<ServerKind>;
  /** The newest position whose majority read this member can serve. */
  majorityTime(): Promise<OplogTime>;
  /** The newest position this member has applied: nothing that was read or seen of the catalog is newer. */
  appliedTime(): Promise<OplogTime>;
  /** Changes when the member has rolled back writes: what was read before and after may not belong together. */
  rollbackId(): Promise<number>;
  /** The databases there are, without `admin`, `config` and `local`. */
  databases(): Promise<readonly string[]>;
  catalog(database: string): Promise<SourceCatalog>;
  /**
   * `_id` values, `{ _id: … }` each, that split the collection in about `parts` equal ranges; fewer, perhaps none,
   * when it is small, capped, clustered or has no plain `_id` index.
   */
  splitPoints(collection: SourceCollection, parts: number): Promise<readonly RawDocument[]>;
  /**
   * The documents of a range. Throws NOT_FOUND (permanent) when the collection is dropped, SOURCE_CHANGED
   * (transient) when it was renamed, a capped collection overtook the reader, or the position to go on behind is no
   * more: read it from the start again.
   */
  read(
    collection: SourceCollection,
    range: ReadRange,
    since: OplogTime,
    signal: AbortSignal,
  ): AsyncIterable<DocumentBatch>;
  /**
   * Whether `readByIds` can ask for exactly this `_id` (`{ _id: … }`) of the collection. Text that is no UTF-8 and an
   * object with one field twice can't be said in a command; capped collections have no index to find one by.
   */
  canAskFor(collection: SourceCollection, id: RawDocument): boolean;
  /**
   * The documents that have these `_id`s, at most a thousand; for one that is not there, none. The collection may be
   * renamed meanwhile. Throws NOT_FOUND (permanent) when it is dropped.
   */
  readByIds(
    collection: SourceCollection,
    ids: readonly RawDocument[],
    since: OplogTime,
    signal: AbortSignal,
  ): AsyncIterable<DocumentBatch>;
}
