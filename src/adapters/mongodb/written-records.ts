import { type Document, MongoClient, MongoServerError, Timestamp } from 'mongodb';
import { z } from 'zod';
import { DrError, hashOf } from '#core';
import type { WrittenRecords } from '#ports';

export interface WrittenRecordsOptions {
  /** With all members; the user needs `find` on the collection and on local.oplog.rs. */
  readonly uri: string;
  readonly database: string;
  readonly collection: string;
}

const DEADLINES = {
  connectTimeoutMS: 1_000,
  serverSelectionTimeoutMS: 3_000,
  waitQueueTimeoutMS: 3_000,
  socketTimeoutMS: 12_000,
  heartbeatFrequencyMS: 500,
  serverMonitoringMode: 'poll',
} as const;

/**
 * What the database really has of some writes: read from the present primary, majority-committed, not through the
 * service. The hash is the one users keep: SHA-256 of the document's canonical JSON, keys sorted, dates as ISO text.
 */
export function openWrittenRecords(options: WrittenRecordsOptions): WrittenRecords & { close(): Promise<void> } {
  const client = new MongoClient(options.uri, {
    ...DEADLINES,
    appName: 'holdfast-read-back',
    readPreference: 'primary',
    readConcern: { level: 'majority' },
    maxPoolSize: 4,
  });
  const records = client.db(options.database).collection<Document & { _id: string }>(options.collection);
  const history = client.db('local').collection('oplog.rs');
  /** Connects anew if the first try of all failed: such a client has closed itself. */
  const read = async <T>(collection: string, look: () => Promise<T>): Promise<T> => {
    try {
      await client.connect();
      return await look();
    } catch (cause) {
      throw unreadable(collection, cause);
    }
  };
  const namespace = `${options.database}.${options.collection}`;
  return {
    hashes: async (ids) => {
      const find = () => records.find({ _id: { $in: [...ids] } }, { maxTimeMS: 10_000 }).toArray();
      const documents = await read(namespace, find);
      return new Map(documents.map((document) => [document._id, hashOf(document)]));
    },
    inserted: async (ids, since) => {
      const from = new Timestamp({ t: Math.floor(since.getTime() / 1000), i: 0 });
      const wanted = { $in: [...ids] };
      // Inserts of a transaction stand together in one entry.
      const inserts = [
        { op: 'i', ns: namespace, 'o._id': wanted },
        { op: 'c', 'o.applyOps': { $elemMatch: { op: 'i', ns: namespace, 'o._id': wanted } } },
      ];
      const find = () => history.find({ ts: { $gte: from }, $or: inserts }, { maxTimeMS: 30_000 }).toArray();
      const entries = await read('local.oplog.rs', find);
      const found = entries
        .flatMap((entry) => (entry['op'] === 'i' ? [entry] : entry['o'].applyOps))
        .flatMap((entry) => (entry.op === 'i' && entry.ns === namespace ? [Inserted.parse(entry).o] : []));
      return new Map(found.map((document) => [document._id, hashOf(document)]));
    },
    close: () => client.close(),
  };
}

const Inserted = z.object({ o: z.looseObject({ _id: z.string() }) });

function unreadable(collection: string, cause: unknown): DrError {
  if (!(cause instanceof MongoServerError && cause.code === 13)) {
    return new DrError('DATABASE_UNAVAILABLE', 'transient', `${collection} can not be read now.`, { cause });
  }
  const message = `${collection} may not be read by the user of MONGODB_URI.`;
  return new DrError('DATABASE_REFUSED', 'permanent', message, { cause, hint: 'It needs find on that collection.' });
}
