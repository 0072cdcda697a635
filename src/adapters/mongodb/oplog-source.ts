import { MongoClient as Client, type MongoClient } from 'mongodb';
import { DrError, lengthAt, type RawDocument, requiredElement } from '#core';
import { compareOplogTimes, formatOplogTime, type OplogSource, type OplogTime } from '#ports';
import { engineError, serverCode } from './engine-errors.ts';
import { connectToOne } from './one-member.ts';
import { rawCursor } from './raw-cursor.ts';
import { lastWriteOf, oplogTimeOf, timestampOf } from './timestamps.ts';

const CAPPED_POSITION_LOST = 136;
const BATCH_ENTRIES = 2000;
const AWAIT_MS = 1000;

export interface OplogSourceOptions {
  readonly uri: string;
  readonly prefer: 'secondary' | 'primary';
}

/** Opens the oplog: read from one member, its times asked of the primary. Throws DATABASE_UNAVAILABLE (transient). */
export async function openOplogSource(options: OplogSourceOptions): Promise<OplogSource & { close(): Promise<void> }> {
  const { host, client } = await connectToOne(options.uri, options.prefer);
  const everybody = new Client(options.uri, { appName: 'holdfast-backup', serverSelectionTimeoutMS: 5000 });
  const attempt = async <T>(order: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof DrError ? error : engineError(error, host, order);
    }
  };
  return {
    close: async () => {
      await Promise.all([client.close(), everybody.close()]);
    },
    majorityTime: () =>
      attempt(
        'tell the majority time',
        async () => lastWriteOf(await everybody.db('admin').command({ hello: 1 })).majority,
      ),
    oldestTime: () =>
      attempt('tell where the oplog begins', async () => {
        const oplog = client.db('local').collection('oplog.rs');
        const first = await oplog.findOne({}, { projection: { ts: 1 }, sort: { $natural: 1 } });
        return oplogTimeOf(first?.['ts']);
      }),
    entryAt: (time) => attempt(`show the entry at ${formatOplogTime(time)}`, () => entryAt(client, time)),
    follow: (from, signal) => follow(client, host, from, signal),
  };
}

async function entryAt(client: MongoClient, time: OplogTime): Promise<RawDocument> {
  const command = { find: 'oplog.rs', filter: { ts: { $gte: timestampOf(time) } }, limit: 1, singleBatch: true };
  for await (const batch of rawCursor({ client, database: 'local', command, batchSize: 1 })) {
    if (compareOplogTimes(timeOfFirst(batch.documents), time) === 0) return Buffer.from(batch.documents);
  }
  throw gap(time);
}

async function* follow(
  client: MongoClient,
  host: string,
  from: OplogTime,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const command = {
    find: 'oplog.rs',
    filter: { ts: { $gte: timestampOf(from) } },
    tailable: true,
    awaitData: true,
    noCursorTimeout: true,
    batchSize: BATCH_ENTRIES,
    readConcern: { level: 'majority' },
  };
  let met = false;
  try {
    const more = { client, database: 'local', command, batchSize: BATCH_ENTRIES, awaitMs: AWAIT_MS, signal };
    for await (const batch of rawCursor(more)) {
      if (!met && batch.count > 0) {
        if (compareOplogTimes(timeOfFirst(batch.documents), from) !== 0) throw gap(from);
        met = true;
      }
      yield batch.documents;
    }
    // a tailable cursor only ends by itself when its position is gone or it never found one
    throw met ? new DrError('DATABASE_UNAVAILABLE', 'transient', `${host} ended the reading of the oplog.`) : gap(from);
  } catch (error) {
    signal.throwIfAborted();
    throw serverCode(error) === CAPPED_POSITION_LOST ? gap(from) : engineError(error, host, 'follow the oplog');
  }
}

const gap = (from: OplogTime): DrError =>
  new DrError('SOURCE_CHANGED', 'permanent', `The oplog no longer reaches back to ${formatOplogTime(from)}.`, {
    hint: 'Take a full backup: /dr backup mongodb. If this happens again, make the oplog larger.',
  });

function timeOfFirst(entries: Buffer): OplogTime {
  const ts = requiredElement(entries.subarray(0, lengthAt(entries, 0)), 'ts');
  return { increment: ts.bytes.readUInt32LE(0), seconds: ts.bytes.readUInt32LE(4) };
}
