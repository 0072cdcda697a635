import { type Collection, type MongoClient, MongoError, MongoServerError } from 'mongodb';
// by its file: an instance has no use for the servers beside it
import { lastingClient } from '../../servers/lasting-client.ts';
import { type DriverLog, type DriverLogDocument, hashOfDocument, toDocument } from '../driver-log.ts';

export type Written =
  /** In the database, committed by a majority: no single failure takes it away. */
  | { readonly state: 'acknowledged'; readonly hash: string }
  /** Another record has this id. */
  | { readonly state: 'conflict' }
  /** Not known to be written. Sending the same record again is safe. */
  | { readonly state: 'refused'; readonly reason: 'writes-blocked' | 'no-majority' };

export type LogStore = {
  write(log: DriverLog): Promise<Written>;
  read(id: string): Promise<DriverLogDocument | undefined>;
  /** Writes and reads by majority within `withinMs`. @throws MongoError when that does not work */
  probe(instance: string, withinMs: number): Promise<void>;
  close(): Promise<void>;
};

const USER_WRITES_BLOCKED = 371;
const DUPLICATE_KEY = 11_000;
const MAJORITY = { w: 'majority' } as const;
/** Bounds waiting for a primary, for the answer and for the majority, all together: callers wait 4 s. */
const WRITE_WITHIN_MS = 2500;

export function openLogStore(uri: string): LogStore {
  const client = lastingClient(uri, {
    appName: 'eld-service',
    retryWrites: true,
    connectTimeoutMS: 1000,
    // a new primary is noticed at once; this is for members that vanish without a word
    heartbeatFrequencyMS: 500,
    serverSelectionTimeoutMS: 2000,
    timeoutMS: WRITE_WITHIN_MS,
    maxPoolSize: 20,
    writeConcern: MAJORITY,
    readConcern: { level: 'majority' },
  });
  const logs = (open: MongoClient): Collection<DriverLogDocument> => open.db('eld').collection('driver_logs');
  const find = (id: string) => client.use((open) => logs(open).findOne({ _id: id }));
  return {
    async write(log) {
      const document = toDocument(log);
      const hash = hashOfDocument(document);
      try {
        await client.use((open) => logs(open).insertOne(document));
        return { state: 'acknowledged', hash };
      } catch (error) {
        if (!(error instanceof MongoError)) throw error;
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY)
          return seenBefore(await find(log.id).catch(() => null), hash);
        const blocked = error instanceof MongoServerError && error.code === USER_WRITES_BLOCKED;
        return { state: 'refused', reason: blocked ? 'writes-blocked' : 'no-majority' };
      }
    },
    read: async (id) => (await find(id)) ?? undefined,
    async probe(instance, withinMs) {
      const at = new Date();
      const back = await client.use(async (open) => {
        const health = open.db('eld').collection<{ _id: string; at: Date }>('service_health');
        await health.updateOne({ _id: instance }, { $set: { at } }, { upsert: true, timeoutMS: withinMs });
        return await health.findOne({ _id: instance }, { timeoutMS: withinMs });
      });
      if (back?.at.getTime() !== at.getTime()) throw new MongoError('What was written is not what is read.');
    },
    close: () => client.close(),
  };
}

/**
 * The device sent it again because an answer was lost. It counts only when a majority has it: the first try may have
 * reached one member that is about to lose it.
 */
function seenBefore(found: DriverLogDocument | null, hash: string): Written {
  if (found === null) return { state: 'refused', reason: 'no-majority' };
  return hashOfDocument(found) === hash ? { state: 'acknowledged', hash } : { state: 'conflict' };
}
