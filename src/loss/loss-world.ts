import type { Clock, RawDocument, Region, RequestId, Text } from '#core';
import type { ControlStore, MemberOplog, ObjectLock, OpTime, TailTarget, Traffic, WrittenRecords } from '#ports';
import type { Databases, Vault } from '#vault';

/** A committed write of the old side, as the oplog has it. */
export interface LostOperation {
  readonly at: { readonly seconds: number; readonly increment: number };
  /** `i`, `u`, `d`; anything else is no write to a document. */
  readonly operation: string;
  readonly namespace: string;
  readonly uuid: string | undefined;
  readonly body: RawDocument;
  /** For an update, the `_id` it is about. */
  readonly about: RawDocument | undefined;
  readonly raw: RawDocument;
}

/** How writes are read out of an oplog; the replay's own way, so that both see the same. */
export interface LostHistory {
  /** Transactions unwrapped; of one whose beginning is missing what is known. */
  committed(entries: AsyncIterable<RawDocument>): AsyncIterable<LostOperation>;
  /** The document after an update; undefined where the update does not have all of it and nothing is known of before. */
  after(update: LostOperation, before: RawDocument | undefined): RawDocument | undefined;
  /** What the vault has of the old side and was not put back. */
  leftInVault(run: RequestId, survivor: OpTime): AsyncIterable<LostOperation>;
}

/** All that counting and merging a loss touches. */
export interface LossWorld {
  readonly vault: Vault;
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly traffic: Pick<Traffic, 'acknowledged'>;
  readonly written: WrittenRecords;
  /** Where the writes are that users were told of: `eld.driver_logs`. */
  readonly acknowledgedIn: string;
  readonly databases: Databases;
  readonly lock: { readonly mode: ObjectLock['mode']; readonly days: number };
  readonly history: LostHistory;
  /** Members of the database in that region, by its configuration. */
  hostsIn(region: Region): Promise<readonly string[]>;
  openTarget(): Promise<TailTarget & { close(): Promise<void> }>;
  /** The present primary's own oplog. */
  openPrimary(): Promise<MemberOplog & { close(): Promise<void> }>;
  /** Writes a fact into the record, once for its id. */
  note(fact: {
    readonly id: string;
    readonly run: RequestId;
    readonly text: Text;
    readonly data: Readonly<Record<string, string | number | boolean>>;
  }): Promise<void>;
}

export interface LossWork {
  readonly signal: AbortSignal;
  report(text: Text): void;
}

export const lossLock = ({ vault, lock }: Pick<LossWorld, 'vault' | 'lock'>): ObjectLock => ({
  mode: lock.mode,
  until: new Date(vault.clock.now().getTime() + lock.days * 86_400_000),
});

/** Opens something for one piece of work and closes it whatever happens. */
export async function using<P extends { close(): Promise<void> }, T>(
  open: () => Promise<P>,
  work: (part: P) => Promise<T>,
): Promise<T> {
  const part = await open();
  try {
    return await work(part);
  } finally {
    await part.close();
  }
}
