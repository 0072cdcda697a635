import type { RawDocument, RawValue } from '#core';
import type { OplogTime } from './oplog-source.ts';
import type { OpTime } from './replica-set.ts';
import type { Namespace } from './restore-target.ts';

/**
 * The oplog of one member as it stands there, whatever a majority thinks of it: a survivor that is alone, or a server that was
 * started outside its replica set to be read. Any call may throw DATABASE_UNAVAILABLE (transient) or DATABASE_REFUSED (permanent).
 */
export interface MemberOplog {
  readonly host: string;
  newest(): Promise<OpTime>;
  oldest(): Promise<OplogTime>;
  /** The entry at exactly that time; undefined when there is none. */
  entryAt(time: OplogTime): Promise<RawDocument | undefined>;
  /** Entries after `after`, through `through` or the end as it was when asked, in order, as batches of whole documents. */
  between(after: OplogTime, through?: OplogTime): AsyncIterable<Buffer>;
  /** Documents of a collection as this member has them now, by its UUID; those that are not there are left out. */
  documents(database: string, uuid: string, ids: readonly RawValue[]): Promise<readonly RawDocument[]>;
  /** The name that the collection of this UUID has there; undefined when there is none. */
  nameOf(database: string, uuid: string): Promise<Namespace | undefined>;
}
