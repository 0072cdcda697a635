import { createHash } from 'node:crypto';
import { type Document, type MongoClient, Timestamp } from 'mongodb';
import { documentOf, elementOf, elementsOf, numberOf, type RawDocument, requiredElement } from '#core';
import type { OplogTime } from '#ports';

/** A collection as SHA-256 of each document's bytes by `_id`, both as the server has them. */
export type Fingerprints = Map<string, string>;

/** The `_id` as its type and bytes: 1 and 1.0 are two. */
export function idOf(document: RawDocument): string {
  const { type, bytes } = requiredElement(document, '_id');
  return `${type}:${bytes.toString('hex')}`;
}

export const fingerprintOf = (document: RawDocument): string => createHash('sha256').update(document).digest('hex');

/** Reads a collection by majority, or as it was at a moment of the server's clock. @throws MongoError */
export async function fingerprints(client: MongoClient, name: string, at?: OplogTime): Promise<Fingerprints> {
  const readConcern =
    at === undefined
      ? { level: 'majority' }
      : { level: 'snapshot', atClusterTime: new Timestamp({ t: at.seconds, i: at.increment }) };
  const found: Fingerprints = new Map();
  for await (const batch of batches(client, name, readConcern)) {
    for (const element of elementsOf(batch)) {
      const document = documentOf(element);
      found.set(idOf(document), fingerprintOf(document));
    }
  }
  return found;
}

/** Whole batches as bytes: documents are never decoded, or their bytes would not be the server's any more. */
async function* batches(client: MongoClient, name: string, readConcern: Document): AsyncGenerator<RawDocument> {
  const session = client.startSession({ causalConsistency: false });
  const database = client.db('eld');
  try {
    let command: Document = { find: name, batchSize: 5000, readConcern };
    for (let turn = 0; turn < 10_000; turn += 1) {
      const { cursor } = await database.command(command, { raw: true, session });
      const batch = elementOf(cursor, 'firstBatch') ?? elementOf(cursor, 'nextBatch');
      if (batch === undefined) throw new Error(`${name} was answered without a batch.`);
      yield documentOf(batch);
      const id = requiredElement(cursor, 'id');
      if (numberOf(id) === 0) return;
      command = { getMore: id.bytes.readBigInt64LE(), collection: name, batchSize: 5000 };
    }
  } finally {
    await session.endSession();
  }
}

/** Names of the real collections, ours set aside left out. */
export async function collectionNames(client: MongoClient): Promise<string[]> {
  const all = await client.db('eld').listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return all
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('__hf_') && !name.startsWith('system.'))
    .sort();
}

/** How a collection is made: options and indexes, as one text to compare. */
export async function shapeOf(client: MongoClient, name: string): Promise<{ text: string; indexes: number }> {
  const [made] = await client.db('eld').listCollections({ name }, { nameOnly: false }).toArray();
  const indexes = await client.db('eld').collection(name).indexes();
  const inOrder = indexes.toSorted((a, b) => String(a.name).localeCompare(String(b.name)));
  return {
    text: JSON.stringify({ options: made !== undefined && 'options' in made ? made.options : null, indexes: inOrder }),
    indexes: indexes.length,
  };
}
