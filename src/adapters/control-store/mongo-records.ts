import { type Collection, type CreateIndexesOptions, type IndexDescription, MongoServerError } from 'mongodb';
import type { z } from 'zod';
import { DrError, type RandomBytes } from '#core';
import type { Identified, Query, Records, Stored } from '#ports';
import { pathOf, queryToFilter, type RecordDocument } from './query-to-filter.ts';
import type { Retry } from './retry.ts';

export interface RecordsOptions<T> {
  readonly unique?: readonly (keyof T & string)[];
  readonly indexed?: readonly (keyof T & string)[];
}

interface Parts<T> extends RecordsOptions<T> {
  readonly collection: Collection<RecordDocument>;
  readonly schema: z.ZodType<T>;
  readonly retry: Retry;
  readonly random: RandomBytes;
  /** Which indexes were built by this process: records are opened anew wherever they are used. */
  readonly built: Map<string, Promise<void>>;
}

/** One set of records on MongoDB. */
export function mongoRecords<T extends Identified>(parts: Parts<T>): Records<T> {
  const { collection, random } = parts;
  const ready = indexesOnce(parts);
  const retry: Retry = (call) =>
    parts.retry(async (attempt) => {
      await ready();
      return await call(attempt);
    });
  const stored = (document: RecordDocument): Stored<T> => ({
    value: parsed(parts.schema, collection.collectionName, document._id, document.value),
    revision: document.revision,
  });
  const read = (id: string) => collection.findOne({ _id: id });
  const mark = () => random(9).toString('base64url');

  return {
    insert: async (value) => {
      const checked = parsed(parts.schema, collection.collectionName, value.id, value);
      const document = { _id: value.id, revision: 1, writes: [mark()], value: checked };
      await retry(async () => {
        try {
          await collection.insertOne(document);
        } catch (thrown) {
          const field = duplicateField(thrown);
          if (field === undefined) throw thrown;
          const seen = await read(value.id);
          if (seen?.writes.includes(String(document.writes[0]))) return;
          if (field === 'id' && !seen) throw notYetAgreed(value.id);
          throw alreadyExists(collection.collectionName, field, value, thrown);
        }
      });
    },
    get: (id) =>
      retry(async () => {
        const document = await read(id);
        return document ? stored(document) : undefined;
      }),
    find: (query) => retry(async () => (await findDocuments(collection, query)).map(stored)),
    replace: async (seen, next) => {
      if (next.id !== seen.value.id) throw new DrError('UNEXPECTED', 'bug', `A record's id can't change (${next.id}).`);
      const value = parsed(parts.schema, collection.collectionName, next.id, next);
      const write = mark();
      return await retry(async (attempt) => {
        const change = {
          $set: { value, revision: seen.revision + 1 },
          $push: { writes: { $each: [write], $slice: -8 } },
        };
        try {
          const result = await collection.updateOne({ _id: next.id, revision: seen.revision }, change);
          if (result.matchedCount === 1) return true;
        } catch (thrown) {
          const field = duplicateField(thrown);
          if (field !== undefined) throw alreadyExists(collection.collectionName, field, next, thrown);
          throw thrown;
        }
        if (attempt === 1) return false;
        // An earlier try whose answer was lost may have been the one that was faster.
        const now = await read(next.id);
        if (now?.revision === seen.revision) throw notYetAgreed(next.id);
        return now?.writes.includes(write) ?? false;
      });
    },
    remove: (seen) =>
      retry(async (attempt) => {
        const { deletedCount } = await collection.deleteOne({ _id: seen.value.id, revision: seen.revision });
        if (deletedCount === 1) return true;
        if (attempt > 1 && !(await read(seen.value.id))) {
          const message = `Whether ${seen.value.id} was removed by this process is not known.`;
          throw new DrError('UNEXPECTED', 'permanent', message, { hint: 'It is gone now; read and decide again.' });
        }
        return false;
      }),
  };
}

function findDocuments<T>(collection: Collection<RecordDocument>, query: Query<T>): Promise<RecordDocument[]> {
  const cursor = collection.find(queryToFilter(query.where)).limit(query.limit);
  if (query.sort) {
    const direction = query.sort.order === 'ascending' ? 1 : -1;
    cursor.sort({ [pathOf(query.sort.by)]: direction, _id: direction });
  }
  return cursor.toArray();
}

/** Builds the indexes before the first use, again if that failed: a unique field must never be written without its. */
function indexesOnce<T>({ collection, unique = [], indexed = [], built }: Parts<T>): () => Promise<void> {
  const indexes: IndexDescription[] = [
    ...unique.map((field) => ({ key: { [pathOf(field)]: 1 }, unique: true, name: `unique_${field}` })),
    ...indexed.map((field) => ({ key: { [pathOf(field)]: 1, _id: 1 }, name: `by_${field}` })),
  ];
  // A majority, not all members (the default): one dead member would otherwise keep every process from starting.
  const options: CreateIndexesOptions = { commitQuorum: 'majority', maxTimeMS: 5000 };
  const build = async (): Promise<void> => {
    if (indexes.length > 0) await collection.createIndexes(indexes, options);
  };
  const key = `${collection.collectionName} ${indexes.map(({ name }) => name).join(' ')}`;
  return async () => {
    const building = built.get(key) ?? build();
    built.set(key, building);
    try {
      await building;
    } catch (thrown) {
      if (built.get(key) === building) built.delete(key);
      throw thrown;
    }
  };
}

function parsed<T>(schema: z.ZodType<T>, collection: string, id: string, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DrError('UNEXPECTED', 'bug', `${collection} ${id} does not fit its schema: ${result.error.message}`);
}

/** The field whose uniqueness a write broke; undefined when that was not what went wrong. */
function duplicateField(thrown: unknown): string | undefined {
  if (!(thrown instanceof MongoServerError) || thrown.code !== 11000) return undefined;
  const [path = '_id'] = Object.keys(thrown['keyPattern'] ?? {});
  return path === '_id' ? 'id' : path.replace(/^value[.]/, '');
}

/** The primary has a write that the majority has not: neither answer would be true yet, so the question is repeated. */
const notYetAgreed = (id: string): DrError =>
  new DrError('STORE_UNAVAILABLE', 'transient', `The members of the control store do not agree on ${id} yet.`);

function alreadyExists(collection: string, field: string, value: Identified, cause: unknown): DrError {
  const message = `${collection.replace(/^records[.]/, '')} has a record with this ${field} already (${value.id}).`;
  return new DrError('ALREADY_EXISTS', 'permanent', message, { cause, data: { field } });
}
