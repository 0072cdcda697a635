import { DrError } from '../errors.ts';
import { BsonType, type RawDocument, type RawElement, type RawValue } from './types.ts';

const malformed = (what: string): DrError => new DrError('UNEXPECTED', 'permanent', `Malformed BSON: ${what}.`);

/** The documents of a buffer that holds one after the other, as views. Throws UNEXPECTED (permanent) if it is cut. */
export function* documentsOf(bytes: Buffer): Generator<RawDocument> {
  let at = 0;
  while (at < bytes.length) {
    const end = at + lengthAt(bytes, at);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** The length of the document that starts at `at`, checked against what is left of the buffer. */
export function lengthAt(bytes: Buffer, at: number): number {
  if (at + 5 > bytes.length) throw malformed('a document is cut short');
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > bytes.length) throw malformed('a length leads outside its buffer');
  return length;
}

/** The elements of a document or array, in order, duplicates included. */
export function* elementsOf(document: RawDocument): Generator<RawElement> {
  let at = 4;
  const end = lengthAt(document, 0) - 1;
  while (at < end) {
    const type = document[at] ?? 0;
    const nameEnd = document.indexOf(0, at + 1);
    if (nameEnd < 0 || nameEnd >= end) throw malformed('a name has no end');
    const valueAt = nameEnd + 1;
    const valueEnd = valueAt + valueLength(type, document, valueAt);
    if (valueEnd > end) throw malformed('a value is cut short');
    yield { type, name: document.toString('latin1', at + 1, nameEnd), bytes: document.subarray(valueAt, valueEnd) };
    at = valueEnd;
  }
}

/**
 * The first element of that name (in Latin-1), as the server's own lookups take it; undefined when there is none. Looks at
 * the bytes where they are: a replay looks up millions, and a text made of each name on the way cost most of its time.
 */
export function elementOf(document: RawDocument, name: string): RawElement | undefined {
  const end = lengthAt(document, 0) - 1;
  for (let at = 4; at < end; ) {
    const type = document[at] ?? 0;
    let nameEnd = at + 1;
    let same = true;
    for (let byte = document[nameEnd]; byte !== 0; byte = document[nameEnd]) {
      if (nameEnd >= end) throw malformed('a name has no end');
      if (byte !== name.charCodeAt(nameEnd - at - 1)) same = false;
      nameEnd += 1;
    }
    const valueAt = nameEnd + 1;
    const valueEnd = valueAt + valueLength(type, document, valueAt);
    if (valueEnd > end) throw malformed('a value is cut short');
    if (same && nameEnd - at - 1 === name.length) return { type, name, bytes: document.subarray(valueAt, valueEnd) };
    at = valueEnd;
  }
  return undefined;
}

/** The element of that name; throws UNEXPECTED (permanent) when it is missing. */
export function requiredElement(document: RawDocument, name: string): RawElement {
  const element = elementOf(document, name);
  if (!element) throw malformed(`field ${name} is missing`);
  return element;
}

/** The text of a string, symbol or code. */
export function stringOf(value: RawValue): string {
  if (value.type !== BsonType.string && value.type !== BsonType.symbol && value.type !== BsonType.code) {
    throw malformed(`type ${value.type} is not a text`);
  }
  return value.bytes.toString('utf8', 4, value.bytes.length - 1);
}

/** The number of an int32, int64, double or boolean; int64 beyond 2^53 is rounded. */
export function numberOf(value: RawValue): number {
  switch (value.type) {
    case BsonType.int32:
      return value.bytes.readInt32LE(0);
    case BsonType.int64:
      return Number(value.bytes.readBigInt64LE(0));
    case BsonType.double:
      return value.bytes.readDoubleLE(0);
    case BsonType.boolean:
      return value.bytes[0] ?? 0;
    default:
      throw malformed(`type ${value.type} is not a number`);
  }
}

/** The document (or array) inside a value. */
export function documentOf(value: RawValue): RawDocument {
  if (value.type !== BsonType.document && value.type !== BsonType.array) {
    throw malformed(`type ${value.type} is not a document`);
  }
  return value.bytes;
}

/** `aabbccdd-…`: the text form of a UUID value. */
export function uuidOf(value: RawValue): string {
  const hex = value.type === BsonType.binary ? value.bytes.toString('hex', 5) : '';
  if (hex.length !== 32) throw malformed('a UUID has not 16 bytes');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const FIXED: Partial<Record<number, number>> = {
  [BsonType.double]: 8,
  [BsonType.undefined]: 0,
  [BsonType.objectId]: 12,
  [BsonType.boolean]: 1,
  [BsonType.date]: 8,
  [BsonType.null]: 0,
  [BsonType.int32]: 4,
  [BsonType.timestamp]: 8,
  [BsonType.int64]: 8,
  [BsonType.decimal128]: 16,
  [BsonType.minKey]: 0,
  [BsonType.maxKey]: 0,
};

function valueLength(type: number, document: Buffer, at: number): number {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  if (type === BsonType.regex) {
    const pattern = document.indexOf(0, at);
    const options = pattern < 0 ? -1 : document.indexOf(0, pattern + 1);
    if (options < 0) throw malformed('a regular expression has no end');
    return options + 1 - at;
  }
  if (at + 4 > document.length) throw malformed('a value is cut short');
  const length = document.readInt32LE(at);
  if (length < 0) throw malformed('a length is negative');
  switch (type) {
    case BsonType.string:
    case BsonType.symbol:
    case BsonType.code:
      return 4 + length;
    case BsonType.document:
    case BsonType.array:
    case BsonType.codeWithScope:
      return length;
    case BsonType.binary:
      return 5 + length;
    case BsonType.dbPointer:
      return 4 + length + 12;
    default:
      throw malformed(`type ${type} is not known`);
  }
}
