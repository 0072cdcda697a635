import type { RawDocument } from '#core';
import type { CollectionRecord } from '#vault';

/** A collection as it is at some moment of the replay. */
export interface CatalogEntry {
  readonly uuid: string;
  database: string;
  name: string;
  readonly kind: CollectionRecord['kind'];
  options: RawDocument;
  readonly indexes: Map<string, RawDocument>;
  /** What was read of it; undefined for one that was created while the backup was taken. */
  readonly record: CollectionRecord | undefined;
  /** Writes that the replay brings to it. */
  writes: number;
}
