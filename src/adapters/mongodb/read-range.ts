import { type MongoClient, UUID } from 'mongodb';
import { documentsOf, elementOf, type RawDocument, rawDocument, requiredElement, valueKey } from '#core';
import type { DocumentBatch, OplogTime, ReadPosition, ReadRange, SourceCollection } from '#ports';
import { isSayable, orderedValue } from './ordered-value.ts';
import { type RawBatch, rawCursor } from './raw-cursor.ts';
import { timestampOf } from './timestamps.ts';

/**
 * About a megabyte a reply. A quarter of it costs a tenth more processor time in requests, twice as much 30 MB more memory, and
 * five times as much was slower (measured).
 */
export const BATCH_DOCUMENTS = 4000;

export interface ReadRangeOptions {
  readonly client: MongoClient;
  readonly collection: SourceCollection;
  readonly range: ReadRange;
  readonly since: OplogTime;
  /** As it was at `since`, and not as it is now or later; not with a capped collection. */
  readonly exactly?: boolean;
  /** Default 4,000. */
  readonly batchDocuments?: number;
  readonly signal: AbortSignal;
}

/**
 * The documents of a range, each batch with where it ends. Majority reads at or after `since` (or `exactly` then), by UUID.
 * Throws what the driver throws.
 */
export async function* readRange(options: ReadRangeOptions): AsyncGenerator<DocumentBatch> {
  const { client, collection, range, since, exactly, signal } = options;
  const batchSize = options.batchDocuments ?? BATCH_DOCUMENTS;
  const command = {
    find: new UUID(collection.uuid),
    ...(range.kind === 'all' ? inStorageOrder(range) : byId(range)),
    batchSize,
    noCursorTimeout: true,
    readConcern: exactly
      ? { level: 'snapshot', atClusterTime: timestampOf(since) }
      : { level: 'majority', afterClusterTime: timestampOf(since) },
  };
  const cursor = rawCursor({ client, database: collection.database, command, batchSize, signal });
  if (range.kind === 'all') {
    for await (const batch of cursor) yield { ...batch, position: batch.resumeToken };
    return;
  }
  let first = range.behind;
  for await (const batch of cursor) {
    const rest = first ? withoutFirst(batch, first) : batch;
    first = undefined;
    if (rest.count > 0) yield { ...rest, position: idOf(batch.documents.subarray(batch.lastAt)) };
  }
}

/** Keeps a capped collection's order, and is the fastest for any. The server's own initial sync goes on in this way. */
function inStorageOrder({ behind }: Extract<ReadRange, { kind: 'all' }>): Record<string, unknown> {
  const record = behind && elementOf(behind, '$recordId');
  return {
    hint: { $natural: 1 },
    $_requestResumeToken: true,
    ...(record ? { $_resumeAfter: { $recordId: orderedValue(record) } } : {}),
  };
}

/** `_id` order cuts a large collection apart. */
function byId({ from, to, behind }: Extract<ReadRange, { kind: 'ids' }>): Record<string, unknown> {
  // min and max, not $gte and $lt: those compare within one type only and would miss documents
  const bound = (id: RawDocument) => ({ _id: orderedValue(requiredElement(id, '_id')) });
  const lower = behind ?? (from === 'first' ? undefined : from);
  return {
    hint: { _id: 1 },
    ...(lower ? { min: bound(lower) } : {}),
    ...(to === 'last' ? {} : { max: bound(to) }),
  };
}

/**
 * The lower bound is inclusive: the document of the position itself was read before. It may be gone by now, or be another
 * one of the same `_id`, which the oplog then has.
 */
function withoutFirst(batch: RawBatch, behind: ReadPosition): Pick<RawBatch, 'documents' | 'count'> {
  const [first] = documentsOf(batch.documents);
  if (!first || keyOf(first) !== keyOf(behind)) return batch;
  return { documents: batch.documents.subarray(first.length), count: batch.count - 1 };
}

/** Where a reading in `_id` order stands behind this document. */
function idOf(last: RawDocument): ReadPosition | undefined {
  const id = rawDocument([['_id', requiredElement(last, '_id')]]);
  // said inexactly, it would be another place, and what is between the two would be missing
  return isSayable(id) ? id : undefined;
}

const keyOf = (document: RawDocument): string => valueKey(requiredElement(document, '_id'));
