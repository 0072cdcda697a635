import type { MongoClient, UUID } from 'mongodb';
import { documentsOf, type RawDocument, type RawValue, requiredElement, valueKey } from '#core';
import { orderedValue } from './ordered-value.ts';
import { rawCursor } from './raw-cursor.ts';

const BATCH_IDS = 1_000;

interface In {
  readonly client: MongoClient;
  readonly database: string;
  readonly collection: string | UUID;
  readonly readConcern?: { readonly level: 'majority' };
}

/**
 * Documents with these ids, as bytes. One whose id only the collection's collation takes for the same is not among them.
 * Throws what the driver throws.
 */
export async function findByIds(
  { client, database, collection, readConcern }: In,
  ids: readonly RawValue[],
): Promise<RawDocument[]> {
  const wanted = new Set(ids.map(valueKey));
  const found: RawDocument[] = [];
  for (let from = 0; from < ids.length; from += BATCH_IDS) {
    const some = ids.slice(from, from + BATCH_IDS).map(orderedValue);
    const command = {
      find: collection,
      filter: { _id: { $in: some } },
      batchSize: BATCH_IDS,
      ...(readConcern ? { readConcern } : { $readPreference: { mode: 'nearest' } }),
    };
    for await (const { documents } of rawCursor({ client, database, command, batchSize: BATCH_IDS })) {
      for (const document of documentsOf(documents)) {
        if (wanted.has(valueKey(requiredElement(document, '_id')))) found.push(Buffer.from(document));
      }
    }
  }
  return found;
}
