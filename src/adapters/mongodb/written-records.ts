import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { DrError, hashOf } from '#core';
import type { WrittenRecords } from '#ports';

export interface WrittenRecordsOptions {
  /** With all members; the user needs `find` on the collection. */
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
  return {
    hashes: async (ids) => {
      // Connects anew if the first try of all failed: such a client has closed itself.
      const documents = await client
        .connect()
        .then(() => records.find({ _id: { $in: [...ids] } }, { maxTimeMS: 10_000 }).toArray())
        .catch((cause: unknown) => {
          const refused = cause instanceof MongoServerError && cause.code === 13;
          const words = refused ? 'may not be read by the user of MONGODB_URI' : 'can not be read now';
          const message = `${options.database}.${options.collection} ${words}.`;
          throw refused
            ? new DrError('DATABASE_REFUSED', 'permanent', message, {
                cause,
                hint: 'It needs find on that collection.',
              })
            : new DrError('DATABASE_UNAVAILABLE', 'transient', message, { cause });
        });
      return new Map(documents.map((document) => [document._id, hashOf(document)]));
    },
    close: () => client.close(),
  };
}
