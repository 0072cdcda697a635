/** Element types of BSON 1.1 (bsonspec.org), by their byte. */
export const BsonType = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal128: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/**
 * A document as the bytes the server sent. User documents are never decoded: JavaScript objects reorder
 * integer-like keys, lose duplicate keys and widths of numbers, and cannot hold `undefined` or a DBPointer.
 */
export type RawDocument = Buffer;

/** A value as its type byte and its bytes, a view into the document it came from. */
export interface RawValue {
  readonly type: number;
  readonly bytes: Buffer;
}

/** A named value. The name is decoded as Latin-1, one character a byte, so that any name survives a round trip. */
export interface RawElement extends RawValue {
  readonly name: string;
}
