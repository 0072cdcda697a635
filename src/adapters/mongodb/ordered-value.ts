import { BSONError, deserialize, serialize } from 'bson';
import { BsonType, elementsOf, type RawDocument, type RawValue, rawDocument } from '#core';

/** Numbers keep their widths, regular expressions their options. */
const EXACT = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;

/**
 * A BSON value as something the driver writes back as the same bytes inside a command. Documents become Maps,
 * because objects put integer-like keys first; of duplicate keys, which no option or index has, the last stays.
 */
export function orderedValue(value: RawValue): unknown {
  if (value.type === BsonType.document) return orderedDocument(value.bytes);
  if (value.type === BsonType.array) return [...elementsOf(value.bytes)].map(orderedValue);
  return deserialize(rawDocument([['v', value]]), EXACT)['v'];
}

export const orderedDocument = (document: RawDocument): Map<string, unknown> =>
  new Map([...elementsOf(document)].map((element) => [nameOf(element.name), orderedValue(element)]));

/** Names are kept as bytes in Latin-1; the driver wants text. */
const nameOf = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

/** Whether a command says exactly this document: text that is no UTF-8 and one field twice can't be said. */
export function isSayable(document: RawDocument): boolean {
  try {
    return Buffer.from(serialize(orderedDocument(document))).equals(document);
  } catch (error) {
    // text that is no UTF-8
    if (error instanceof BSONError) return false;
    throw error;
  }
}
