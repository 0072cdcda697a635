import type { RawDocument, RawValue } from '#core';
import type { Namespace, RestoreTarget } from './restore-target.ts';

/** Where a tail is applied: the live collections of the new primary, each write kept by a majority when it returns. */
export interface TailTarget extends RestoreTarget {
  /** The documents with these ids, a majority read; one that is not there is left out. NOT_FOUND without the collection. */
  byIds(at: Namespace, ids: readonly RawValue[]): Promise<readonly RawDocument[]>;
  /**
   * All at once or not at all: what has these ids goes, then these documents come, byte for byte. So a unique index never
   * meets a state in between. Idempotent. Not for capped collections.
   */
  replaceTogether(at: Namespace, ids: readonly RawValue[], documents: readonly RawDocument[]): Promise<void>;
  /** Nothing happens when there is no index of that name. */
  dropIndex(at: Namespace, name: string): Promise<void>;
  /** Does what `collMod` of the oplog says; `changes` without the command's own field. Idempotent. */
  modify(at: Namespace, changes: RawDocument): Promise<void>;
}
