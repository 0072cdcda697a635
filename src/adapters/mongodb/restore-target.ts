import { type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { DrError, elementsOf, type RawDocument, requiredElement, stringOf, without } from '#core';
import type { Namespace, RestoreTarget, TargetCollection } from '#ports';
import { applyAll, insertAll } from './apply-changes.ts';
import { createDiskLook } from './disk-room.ts';
import { engineError } from './engine-errors.ts';
import { orderedDocument, orderedValue } from './ordered-value.ts';
import { rawCursor } from './raw-cursor.ts';
import { listCollections, listIndexes } from './source-catalog.ts';

const CONNECTION: MongoClientOptions = {
  appName: 'holdfast-restore',
  connectTimeoutMS: 2000,
  serverSelectionTimeoutMS: 15_000,
  // an index build of a large collection is one call
  socketTimeoutMS: 0,
  writeConcern: { w: 1 },
};

/** What makes a step done is kept by a majority; the documents before it then are too. */
const MAJORITY = { writeConcern: { w: 'majority' } } as const;

const BATCH_DOCUMENTS = 1000;

/** Messages of 40 MB take seconds, also on a busy server. */
const WRITTEN_WITHIN_MS = 60_000;

/**
 * Opens the primary of a replica set for a restore; `writtenWithinMs` is how long one message of documents may take.
 * Throws CONFIG_INVALID (permanent).
 */
export async function openRestoreTarget(options: {
  readonly uri: string;
  readonly writtenWithinMs?: number;
}): Promise<RestoreTarget & { close(): Promise<void> }> {
  const client = await connect(options.uri);
  const disks = createDiskLook(options.uri, client);
  const to = { client, withinMs: options.writtenWithinMs ?? WRITTEN_WITHIN_MS };
  const attempt = async <T>(order: string, at: Namespace, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DrError) throw error;
      throw engineError(error, 'The primary', `${order} ${at.database}.${at.name}`);
    }
  };
  const run = (order: string, at: Namespace, command: Document): Promise<Document> =>
    attempt(order, at, () => client.db(at.database).command(command));
  return {
    close: async () => {
      await Promise.all([client.close(), disks.close()]);
    },
    room: (databases) =>
      attempt('say how much room is left for', { database: databases[0] ?? '', name: '*' }, () =>
        disks.room(databases),
      ),
    collections: (database) =>
      attempt('list', { database, name: '*' }, async () => {
        const listed = await listCollections(client, database);
        return listed.map(({ name, type, options: described, uuid }): TargetCollection => {
          const kind = type === 'view' || type === 'timeseries' ? type : 'collection';
          return { database, name, kind, options: described, uuid: uuid ?? '' };
        });
      }),
    indexes: (at) => attempt('list the indexes of', at, () => listIndexes(client, at.database, at.name)),
    async create(at, described) {
      await run('create', at, { create: at.name, ...topLevel(described), ...MAJORITY });
    },
    async drop(at) {
      try {
        await run('drop', at, { drop: at.name, ...MAJORITY });
      } catch (error) {
        if (!(error instanceof DrError && error.code === 'NOT_FOUND')) throw error;
      }
    },
    async rename(from, to) {
      const [source, target] = [`${from.database}.${from.name}`, `${from.database}.${to}`];
      await attempt('rename', from, () =>
        client.db('admin').command({ renameCollection: source, to: target, dropTarget: false, ...MAJORITY }),
      );
    },
    insert: (at, documents) => attempt('insert into', at, () => insertAll(to, at, documents)),
    apply: (at, changes) => attempt('change', at, () => applyAll(to, at, changes)),
    async createIndexes(at, specs) {
      if (specs.length === 0) return;
      const indexes = specs.map((spec) => orderedDocument(without(spec, 'ns')));
      // not all voting members, as is the default: one dead member would hold the build for ever
      await run('build the indexes of', at, { createIndexes: at.name, indexes, commitQuorum: 'majority', ...MAJORITY });
    },
    async expire(at, { index, expireAfterSeconds }) {
      const change = index === undefined ? { expireAfterSeconds } : { index: { name: index, expireAfterSeconds } };
      await run('expire documents of', at, { collMod: at.name, ...change, ...MAJORITY });
    },
    async createView(at, definition) {
      const view = {
        viewOn: stringOf(requiredElement(definition, 'viewOn')),
        ...topLevel(without(definition, '_id', 'viewOn')),
      };
      await run('create the view', at, { create: at.name, ...view, ...MAJORITY });
    },
    async *read(at, signal) {
      const command = {
        find: at.name,
        hint: { $natural: 1 },
        batchSize: BATCH_DOCUMENTS,
        noCursorTimeout: true,
        readConcern: { level: 'majority' },
      };
      try {
        yield* rawCursor({ client, database: at.database, command, batchSize: BATCH_DOCUMENTS, signal });
      } catch (error) {
        signal.throwIfAborted();
        throw engineError(error, 'The primary', `read ${at.database}.${at.name}`);
      }
    },
  };
}

async function connect(uri: string): Promise<MongoClient> {
  try {
    return new MongoClient(uri, CONNECTION);
  } catch (cause) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'The address of the restore target is not one of a replica set.', {
      cause,
    });
  }
}

/** A command's own fields must be an object; option names are words, which objects keep in order. */
function topLevel(document: RawDocument): Document {
  return Object.fromEntries([...elementsOf(document)].map((element) => [element.name, orderedValue(element)]));
}
