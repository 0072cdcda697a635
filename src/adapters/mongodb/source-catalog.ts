import { type MongoClient, UUID } from 'mongodb';
import { z } from 'zod';
import {
  DrError,
  documentOf,
  documentsOf,
  elementOf,
  type RawDocument,
  type RawField,
  rawDocument,
  rawString,
  requiredElement,
  stringOf,
  uuidOf,
} from '#core';
import type { SourceCatalog, SourceCollection, SourceView } from '#ports';
import { serverCode } from './engine-errors.ts';
import { rawCursor } from './raw-cursor.ts';

const NAMESPACE_NOT_FOUND = 26;
/** Not data: the profiler's notes, and views, which are described by `listCollections`. */
const SKIPPED = ['system.profile', 'system.views'];

/** An entry of `listCollections`, still bytes. */
export interface ListedCollection {
  readonly name: string;
  readonly type: string;
  readonly options: RawDocument;
  readonly uuid: string | undefined;
}

/** Every entry of a database's `listCollections`. Throws what the driver throws. */
export async function listCollections(client: MongoClient, database: string): Promise<ListedCollection[]> {
  const entries = await all(client, database, { listCollections: 1, cursor: {} });
  return entries.map((entry) => {
    const uuid = elementOf(documentOf(requiredElement(entry, 'info')), 'uuid');
    return {
      name: stringOf(requiredElement(entry, 'name')),
      type: stringOf(requiredElement(entry, 'type')),
      options: documentOf(requiredElement(entry, 'options')),
      uuid: uuid && uuidOf(uuid),
    };
  });
}

/** The finished indexes of a collection, named or by UUID; one still being built is the oplog's to tell. */
export async function listIndexes(
  client: MongoClient,
  database: string,
  collection: string | UUID,
): Promise<RawDocument[]> {
  const entries = await all(client, database, { listIndexes: collection, cursor: {}, includeBuildUUIDs: true });
  return entries.filter((entry) => !elementOf(entry, 'buildUUID'));
}

/** A database's collections and views as a snapshot starts from them. What is dropped meanwhile is left out. */
export async function readCatalog(client: MongoClient, database: string): Promise<SourceCatalog> {
  const collections: SourceCollection[] = [];
  const views: SourceView[] = [];
  for (const entry of await listCollections(client, database)) {
    if (SKIPPED.includes(entry.name)) continue;
    if (entry.type === 'view') views.push({ database, name: entry.name, definition: viewDefinition(database, entry) });
    // on servers that keep one without a view its documents are not among the collections: the backup would lack it
    if (entry.type === 'timeseries' && entry.uuid) throw viewless(database, entry.name);
    if (entry.type !== 'collection' || !entry.uuid) continue;
    try {
      const indexes = await listIndexes(client, database, new UUID(entry.uuid));
      const kind = entry.name.startsWith('system.buckets.') ? 'timeseries-buckets' : 'collection';
      const estimate = await estimateOf(client, database, entry.name);
      collections.push({
        uuid: entry.uuid,
        database,
        name: entry.name,
        kind,
        options: entry.options,
        indexes,
        estimate,
      });
    } catch (error) {
      if (serverCode(error) !== NAMESPACE_NOT_FOUND) throw error;
    }
  }
  return { collections, views };
}

const viewless = (database: string, name: string): DrError =>
  new DrError(
    'DATABASE_REFUSED',
    'permanent',
    `${database}.${name} is a time-series collection of a newer kind, without buckets of its own, which can't be read yet.`,
    { hint: 'Leave its database out of the plan, or stay with a server version before that.' },
  );

/** A view as it stands in `system.views`, which ordinary roles may not read. */
function viewDefinition(database: string, { name, options }: ListedCollection): RawDocument {
  const field = (key: string): RawField[] => {
    const element = elementOf(options, key);
    return element ? [[key, element]] : [];
  };
  return rawDocument([
    ['_id', rawString(`${database}.${name}`)],
    ...field('viewOn'),
    ...field('pipeline'),
    ...field('collation'),
  ]);
}

const Stats = z.object({ count: z.coerce.number().default(0), size: z.coerce.number().default(0) });

async function estimateOf(client: MongoClient, database: string, name: string): Promise<SourceCollection['estimate']> {
  const answer = Stats.parse(await client.db(database).command({ collStats: name }));
  return { documents: answer.count, bytes: answer.size };
}

async function all(client: MongoClient, database: string, command: Record<string, unknown>): Promise<RawDocument[]> {
  const documents: RawDocument[] = [];
  for await (const batch of rawCursor({ client, database, command, batchSize: 1000 })) {
    for (const document of documentsOf(batch.documents)) documents.push(Buffer.from(document));
  }
  return documents;
}
