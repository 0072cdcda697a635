import { MongoClient, UUID } from 'mongodb';
import { DrError, documentsOf, elementOf, numberOf, type RawDocument, type RawValue, requiredElement } from '#core';
import type { MemberOplog, Namespace, OplogTime, OpTime } from '#ports';
import { engineError } from './engine-errors.ts';
import { findByIds } from './find-by-ids.ts';
import { memberUri } from './one-member.ts';
import { rawCursor } from './raw-cursor.ts';
import { listCollections } from './source-catalog.ts';
import { timestampOf } from './timestamps.ts';

const BATCH_ENTRIES = 1_000;

export interface MemberOplogOptions {
  /** Of a replica set, or of a server that runs alone. */
  readonly uri: string;
  /** Which member of it; left out, the one that the address names. */
  readonly host?: string;
}

/**
 * Opens one member's oplog, and no other's. What it says may be known to nobody else and kept by no majority. Throws
 * DATABASE_UNAVAILABLE (transient) or CONFIG_INVALID (permanent).
 */
export async function openMemberOplog(options: MemberOplogOptions): Promise<MemberOplog & { close(): Promise<void> }> {
  const host = options.host ?? hostIn(options.uri);
  const client = new MongoClient(memberUri(options.uri, host), {
    appName: 'holdfast-tail',
    connectTimeoutMS: 2_000,
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 30_000,
    readPreference: 'nearest',
  });
  const attempt = async <T>(order: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof DrError ? error : engineError(error, host, order);
    }
  };
  const read = (query: Record<string, unknown>) =>
    rawCursor({
      client,
      database: 'local',
      // newest first of an oplog is by natural order: `ts` has no index of its own, and needs none
      command: { find: 'oplog.rs', ...query, $readPreference: { mode: 'nearest' } },
      batchSize: BATCH_ENTRIES,
    });
  const one = async (query: Record<string, unknown>): Promise<RawDocument | undefined> => {
    for await (const { documents } of read({ ...query, limit: 1, singleBatch: true })) {
      for (const entry of documentsOf(documents)) return Buffer.from(entry);
    }
    return undefined;
  };
  const end = async (order: 1 | -1): Promise<OpTime> => {
    const entry = await attempt('show an end of its oplog', () => one({ sort: { $natural: order } }));
    if (entry) return opTimeOf(entry);
    throw new DrError('DATABASE_REFUSED', 'permanent', `${host} has no oplog: it was never a member of a replica set.`);
  };
  return {
    host,
    close: () => client.close(),
    newest: () => end(-1),
    oldest: async () => {
      const { seconds, increment } = await end(1);
      return { seconds, increment };
    },
    entryAt: (time) => attempt('show an entry', () => one({ filter: { ts: timestampOf(time) } })),
    async *between(after, through) {
      const last = through ?? (await end(-1));
      try {
        const filter = { ts: { $gt: timestampOf(after), $lte: timestampOf(last) } };
        for await (const { documents, count } of read({ filter, batchSize: BATCH_ENTRIES })) {
          if (count > 0) yield documents;
        }
      } catch (error) {
        throw engineError(error, host, 'read its oplog');
      }
    },
    documents: (database, uuid, ids) =>
      attempt('show documents', () => findByIds({ client, database, collection: new UUID(uuid) }, ids)),
    nameOf: (database, uuid) =>
      attempt('list its collections', async (): Promise<Namespace | undefined> => {
        const found = (await listCollections(client, database)).find((each) => each.uuid === uuid);
        return found && { database, name: found.name };
      }),
  };
}

/** The entry by which a set was begun is of no term. */
function opTimeOf(entry: RawDocument): OpTime {
  const term = elementOf(entry, 't');
  return { term: term ? numberOf(term) : -1, ...timeOf(requiredElement(entry, 'ts')) };
}

const timeOf = ({ bytes }: RawValue): OplogTime => ({
  increment: bytes.readUInt32LE(0),
  seconds: bytes.readUInt32LE(4),
});

/** The one host of an address that names one. Throws CONFIG_INVALID (permanent) for any other. */
function hostIn(uri: string): string {
  const host = /^mongodb:\/\/(?:[^@/?]*@)?([^@/?,]+)(?:[/?]|$)/.exec(uri)?.[1];
  if (host) return host;
  throw new DrError('CONFIG_INVALID', 'permanent', 'The address of a server that runs alone names one host.');
}
