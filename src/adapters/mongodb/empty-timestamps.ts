import {
  BsonType,
  elementsOf,
  type RawDocument,
  type RawField,
  type RawValue,
  rawArray,
  rawDocument,
  rawEmbedded,
  rawInt32,
  requiredElement,
} from '#core';

const NONE = Buffer.alloc(8);

/**
 * The top-level fields that hold Timestamp(0,0). The server puts the time of the insert into them, whoever inserts.
 */
export function emptyTimestamps(document: RawDocument): RawField[] {
  // rare, and this runs for every document restored: first a look for the bytes at all
  if (document.indexOf(NONE) < 0 || document.indexOf(BsonType.timestamp) < 0) return [];
  const fields: RawField[] = [];
  for (const element of elementsOf(document)) {
    const isEmpty = element.type === BsonType.timestamp && element.bytes.equals(NONE);
    if (isEmpty && element.name !== '_id') fields.push([element.name, element]);
  }
  return fields;
}

/**
 * The update that puts them back. It speaks the oplog's own language, because `$set` would take "a.b" for a path;
 * the field stays where it is.
 */
export function restoreTimestamps(document: RawDocument, fields: readonly RawField[]): RawDocument {
  const diff = rawDocument([['u', rawEmbedded(rawDocument(fields))]]);
  const update = rawDocument([
    ['$v', rawInt32(2)],
    ['diff', rawEmbedded(diff)],
  ]);
  return patchStatement(requiredElement(document, '_id'), update);
}

/** `{ q: { _id: { $eq: id } } }`: $eq, so that an `_id` that looks like an operator is taken as a value. */
export const byId = (id: RawValue): RawValue =>
  rawEmbedded(rawDocument([['_id', rawEmbedded(rawDocument([['$eq', id]]))]]));

/** An `update` statement that applies a `$v: 2` update of the oplog to the document of that id, if there is one. */
export function patchStatement(id: RawValue, update: RawDocument): RawDocument {
  const stage = rawDocument([
    ['$_internalApplyOplogUpdate', rawEmbedded(rawDocument([['oplogUpdate', rawEmbedded(update)]]))],
  ]);
  return rawDocument([
    ['q', byId(id)],
    ['u', rawArray([rawEmbedded(stage)])],
  ]);
}
