import { Binary, Long, serialize, Timestamp } from 'bson';
import type { OplogSource, OplogTime, SnapshotSource } from '#ports';
import { takeFullSnapshot } from '#snapshot';
import { inlineSealer, type Manifest, type Vault } from '#vault';
import { never } from '../support/engine.ts';
import { nextBackupId, PLAN_HASH } from '../support/memory-vault.ts';

const SECOND_OF_WINDOW = 1000;
export const UUID = new Binary(Buffer.alloc(16, 7), 4);
const NONE_BEFORE = { ts: new Timestamp(0n), t: Long.fromNumber(-1) };

export const raw = (document: object): Buffer => Buffer.from(serialize(document, { ignoreUndefined: true }));
const timestamp = (increment: number): Timestamp => new Timestamp({ t: SECOND_OF_WINDOW, i: increment });

/** An entry of the oplog; its place in the list of entries is its place in the window. */
export interface MadeEntry {
  readonly op: string;
  readonly ns?: string;
  readonly ui?: Binary;
  readonly o: object;
  readonly o2?: object;
  /** Of a transaction or a retryable write: the number, and which entry (by its place) it goes on from. */
  readonly transaction?: { readonly number: number; readonly after?: number };
  readonly multiOpType?: number;
}

function bytesOf(entry: MadeEntry, place: number): Buffer {
  const { transaction, ...rest } = entry;
  const session = transaction && {
    lsid: { id: new Binary(Buffer.alloc(16, 1), 4), uid: new Binary(Buffer.alloc(32, 2)) },
    txnNumber: Long.fromNumber(transaction.number),
    prevOpTime:
      transaction.after === undefined ? NONE_BEFORE : { ts: timestamp(transaction.after), t: Long.fromNumber(1) },
  };
  return raw({ ns: 'made.things', ...rest, ...session, ts: timestamp(place), wall: new Date(0) });
}

const at = (increment: number): OplogTime => ({ seconds: SECOND_OF_WINDOW, increment });

/**
 * A backup of one collection, `made.things`, whose oplog is written by hand: a client can't make a server write some
 * of its entries. The first `before` entries stand before the window.
 */
export function makeBackup(
  vault: Vault,
  documents: readonly object[],
  entries: readonly MadeEntry[],
  before = 0,
): Promise<Manifest> {
  const ends: MadeEntry[] = [...entries, { op: 'n', ns: '', o: { msg: 'the end of the window' } }];
  const oplog: OplogSource = {
    majorityTime: async () => at(ends.length),
    oldestTime: async () => at(0),
    entryAt: async ({ increment }) => bytesOf(ends[increment - 1] ?? { op: 'n', o: {} }, increment),
    async *follow() {
      yield Buffer.concat(ends.map((entry, index) => bytesOf(entry, index + 1)).slice(before));
    },
  };
  return takeFullSnapshot({
    source: sourceOf(documents.map(raw), at(before), at(ends.length)),
    oplog,
    vault,
    backupId: nextBackupId(),
    databases: { include: ['made'], exclude: [] },
    lock: { mode: 'governance', days: 1 },
    planHash: PLAN_HASH,
    signal: never(),
    sealer: inlineSealer(),
  });
}

function sourceOf(documents: readonly Buffer[], start: OplogTime, end: OplogTime): SnapshotSource {
  const things = {
    uuid: UUID.toUUID().toHexString(),
    database: 'made',
    name: 'things',
    kind: 'collection' as const,
    options: raw({}),
    indexes: [raw({ v: 2, key: { _id: 1 }, name: '_id_' })],
    estimate: { documents: documents.length, bytes: 0 },
  };
  return {
    member: 'made:1',
    serverKind: async () => ({ version: '6.0.5', featureVersion: '6.0', setId: undefined }),
    majorityTime: async () => start,
    appliedTime: async () => end,
    rollbackId: async () => 1,
    databases: async () => ['made'],
    catalog: async () => ({ collections: [things], views: [] }),
    splitPoints: async () => [],
    async *read() {
      yield { documents: Buffer.concat(documents), count: documents.length };
    },
    canAskFor: () => false,
    async *readByIds() {},
  };
}
