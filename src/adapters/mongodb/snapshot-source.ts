import { UUID } from 'mongodb';
import { z } from 'zod';
import { DrError, documentsOf, type RawDocument, requiredElement } from '#core';
import type { SnapshotSource, SourceCollection } from '#ports';
import { engineError } from './engine-errors.ts';
import { connectToOne } from './one-member.ts';
import { isSayable, orderedValue } from './ordered-value.ts';
import { rawCursor } from './raw-cursor.ts';
import { BATCH_DOCUMENTS, readRange } from './read-range.ts';
import { askServerKind } from './server-kind.ts';
import { readCatalog } from './source-catalog.ts';
import { lastWriteOf, timestampOf } from './timestamps.ts';

export interface SnapshotSourceOptions {
  readonly uri: string;
  /** A secondary spares the primary; with `secondary` and none healthy, the primary is read. */
  readonly prefer: 'secondary' | 'primary';
  /** Asked for at once. Default 4,000; fewer where what lies between two replies matters. */
  readonly batchDocuments?: number;
}

/** Under this, a range costs more than it saves. */
const SPLIT_FROM_BYTES = 64 * 1024 * 1024;

const SYSTEM_DATABASES = ['admin', 'config', 'local'];
const Databases = z.object({ databases: z.array(z.object({ name: z.string() })) });
const Status = z.object({ repl: z.object({ rbid: z.number() }) });

/** Opens one member for a snapshot. Throws DATABASE_UNAVAILABLE (transient), CONFIG_INVALID (permanent). */
export async function openSnapshotSource(
  options: SnapshotSourceOptions,
): Promise<SnapshotSource & { close(): Promise<void> }> {
  const { host, client } = await connectToOne(options.uri, options.prefer);
  const batchDocuments = options.batchDocuments ?? BATCH_DOCUMENTS;
  const attempt = async <T>(order: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof DrError ? error : engineError(error, host, order);
    }
  };
  const admin = (command: Record<string, unknown>, order: string) =>
    attempt(order, () => client.db('admin').command(command));
  return {
    member: host,
    close: () => client.close(),
    serverKind: () => attempt('say what it is', () => askServerKind(client)),
    majorityTime: async () => lastWriteOf(await admin({ hello: 1 }, 'tell its time')).majority,
    appliedTime: async () => lastWriteOf(await admin({ hello: 1 }, 'tell its time')).applied,
    // replSetGetRBID is refused to every role; this is the same number
    rollbackId: async () => Status.parse(await admin({ serverStatus: 1 }, 'tell its rollback id')).repl.rbid,
    async databases() {
      const answer = Databases.parse(await admin({ listDatabases: 1, nameOnly: true }, 'list its databases'));
      return answer.databases.map(({ name }) => name).filter((name) => !SYSTEM_DATABASES.includes(name));
    },
    catalog: (database) => attempt(`describe ${database}`, () => readCatalog(client, database)),
    splitPoints: (collection, parts) =>
      attempt(`split ${collection.name}`, async () => {
        return collection.estimate.bytes < SPLIT_FROM_BYTES ? [] : splitIds(client, collection, parts);
      }),
    async *read(collection, range, since, signal) {
      try {
        yield* readRange({ client, collection, range, since, batchDocuments, signal });
      } catch (error) {
        signal.throwIfAborted();
        throw engineError(error, host, `read ${collection.database}.${collection.name}`);
      }
    },
    canAskFor: (collection, id) => isFoundById(collection) && isSayable(id),
    async *readByIds(collection, ids, since, signal) {
      const command = {
        find: new UUID(collection.uuid),
        filter: { _id: { $in: ids.map((id) => orderedValue(requiredElement(id, '_id'))) } },
        batchSize: batchDocuments,
        readConcern: { level: 'majority', afterClusterTime: timestampOf(since) },
      };
      const { database } = collection;
      for (let tries = 1; ; tries += 1) {
        try {
          yield* rawCursor({ client, database, command, batchSize: batchDocuments, signal });
          return;
        } catch (thrown) {
          signal.throwIfAborted();
          const error = engineError(thrown, host, `read ${database}.${collection.name}`);
          // a rename ends a cursor; asked again, the collection is known by its UUID
          if (error.code !== 'SOURCE_CHANGED' || tries === RENAMES) throw error;
        }
      }
    },
  };
}

/** A rename while some documents are read is rare, and so is a second one. */
const RENAMES = 5;

/** Ranges need an ordinary `_id` index, and an order that does not matter. */
function isPlain(collection: SourceCollection): boolean {
  const text = collection.options.toString('latin1');
  return collection.kind === 'collection' && !text.includes('capped\0') && !text.includes('clusteredIndex\0');
}

/** A capped collection has no order but its own, and need not have an index of `_id`. */
export const isFoundById = ({ options }: SourceCollection): boolean => !options.toString('latin1').includes('capped\0');

/** `_id` values that cut a collection into about `parts` ranges of one size, by sampling. */
export async function splitIds(
  client: Parameters<typeof readCatalog>[0],
  collection: SourceCollection,
  parts: number,
): Promise<RawDocument[]> {
  if (parts < 2 || !isPlain(collection)) return [];
  const samples = await sampleIds(client, collection, parts * 10);
  return Array.from({ length: parts - 1 }, (_, index) => samples[(index + 1) * 10]).filter((id) => id !== undefined);
}

async function sampleIds(
  client: Parameters<typeof readCatalog>[0],
  collection: SourceCollection,
  size: number,
): Promise<RawDocument[]> {
  const pipeline = [{ $sample: { size } }, { $sort: { _id: 1 } }, { $project: { _id: 1 } }];
  const command = { aggregate: collection.name, pipeline, cursor: { batchSize: size } };
  const ids: RawDocument[] = [];
  for await (const batch of rawCursor({ client, database: collection.database, command, batchSize: size })) {
    for (const id of documentsOf(batch.documents)) ids.push(Buffer.from(id));
  }
  return ids;
}
