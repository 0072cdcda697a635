import { elementsOf } from './read.ts';
import { BsonType, type RawDocument, type RawValue } from './types.ts';

/** A field to write: its name, one character a byte, and its value. */
export type RawField = readonly [name: string, value: RawValue];

/** A document of these fields, in this order. */
export function rawDocument(fields: readonly RawField[]): RawDocument {
  let length = 5;
  for (const [name, value] of fields) length += 2 + name.length + value.bytes.length;
  const document = Buffer.allocUnsafe(length);
  let at = document.writeInt32LE(length, 0);
  for (const [name, value] of fields) {
    at = document.writeUInt8(value.type, at);
    at += document.write(name, at, 'latin1');
    at = document.writeUInt8(0, at);
    at += value.bytes.copy(document, at);
  }
  document.writeUInt8(0, at);
  return document;
}

/** An array of these values. */
export const rawArray = (values: readonly RawValue[]): RawValue => ({
  type: BsonType.array,
  bytes: rawDocument(values.map((value, index) => [String(index), value])),
});

export const rawEmbedded = (document: RawDocument): RawValue => ({ type: BsonType.document, bytes: document });

export const rawBoolean = (value: boolean): RawValue => ({
  type: BsonType.boolean,
  bytes: Buffer.from([value ? 1 : 0]),
});

export function rawInt32(value: number): RawValue {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return { type: BsonType.int32, bytes };
}

export function rawString(value: string): RawValue {
  const text = Buffer.from(value, 'utf8');
  const bytes = Buffer.allocUnsafe(text.length + 5);
  bytes.writeInt32LE(text.length + 1, 0);
  text.copy(bytes, 4);
  bytes.writeUInt8(0, text.length + 4);
  return { type: BsonType.string, bytes };
}

/** The document without the named fields; the rest keeps its order and bytes. */
export function without(document: RawDocument, ...names: readonly string[]): RawDocument {
  const kept = [...elementsOf(document)].filter(({ name }) => !names.includes(name));
  return rawDocument(kept.map((element) => [element.name, element]));
}
