import { DrError } from '../errors.ts';
import { documentOf, elementOf, elementsOf, numberOf } from './read.ts';
import { BsonType, type RawDocument, type RawElement, type RawValue } from './types.ts';
import { type RawField, rawDocument } from './write.ts';

/**
 * Applies the `diff` of a `$v: 2` oplog update to a document: sections `d` (remove), `u` (change in place, or append
 * when missing), `i` (append, moving what is there to the end), `b` (binary data cut and gone on with, as the compressed
 * columns of time-series buckets are since 8.0) and `s<field>` (a diff of the embedded document or array). The format is the server's `document_diff_serialization.h`. Where the document is already newer than the
 * diff, fields that do not fit are left as they are: a later diff of the same window settles them.
 * Throws NOT_REPLAYABLE for a section it does not know.
 */
export function applyDiff(document: RawDocument, diff: RawDocument): RawDocument {
  const sections = readSections(diff);
  const result: RawField[] = [];
  const met = new Set<string>();
  for (const element of elementsOf(document)) {
    const { name } = element;
    // of a name that is there twice the first is meant: so the primary did it, whatever its secondaries made of the diff
    const isFirst = !met.has(name);
    met.add(name);
    if (!isFirst) {
      result.push([name, element]);
      continue;
    }
    if (sections.removed.has(name) || sections.appended.has(name)) continue;
    const changed = sections.changed.get(name);
    const inner = sections.inner.get(name);
    const binary = sections.binary.get(name);
    if (changed) result.push([name, changed]);
    else if (binary) result.push([name, applyBinary(element, binary)]);
    else result.push([name, inner ? applyInner(element, inner) : element]);
  }
  for (const [name, value] of sections.changed) if (!met.has(name)) result.push([name, value]);
  for (const [name, value] of sections.appended) result.push([name, value]);
  return rawDocument(result);
}

interface Sections {
  readonly removed: Set<string>;
  readonly changed: Map<string, RawValue>;
  readonly appended: Map<string, RawValue>;
  readonly inner: Map<string, RawDocument>;
  readonly binary: Map<string, RawDocument>;
}

function readSections(diff: RawDocument): Sections {
  const named = (element: RawElement): RawElement[] => [...elementsOf(documentOf(element))];
  const sections: Sections = {
    removed: new Set(),
    changed: new Map(),
    appended: new Map(),
    inner: new Map(),
    binary: new Map(),
  };
  for (const section of elementsOf(diff)) {
    if (section.name === 'd') for (const { name } of named(section)) sections.removed.add(name);
    else if (section.name === 'u') for (const field of named(section)) sections.changed.set(field.name, field);
    else if (section.name === 'i') for (const field of named(section)) sections.appended.set(field.name, field);
    else if (section.name === 'b')
      for (const field of named(section)) sections.binary.set(field.name, documentOf(field));
    else if (section.name.startsWith('s')) sections.inner.set(section.name.slice(1), documentOf(section));
    else throw unknownSection(section.name);
  }
  return sections;
}

const unknownSection = (name: string): DrError =>
  new DrError('NOT_REPLAYABLE', 'permanent', `An update has a section "${name}" that is not known.`);

/** `{ o: offset, d: bytes }`: the bytes take the place of everything from the offset on. */
function applyBinary(value: RawValue, change: RawDocument): RawValue {
  const from = elementOf(change, 'o');
  const bytes = elementOf(change, 'd');
  if (!from || bytes?.type !== BsonType.binary) throw unknownSection('b');
  const [before, after] = [value.bytes.subarray(BINARY_HEADER_BYTES), bytes.bytes.subarray(BINARY_HEADER_BYTES)];
  const offset = numberOf(from);
  if (value.type !== BsonType.binary || offset > before.length) return value;
  const header = Buffer.from(value.bytes.subarray(0, BINARY_HEADER_BYTES));
  header.writeInt32LE(offset + after.length, 0);
  return { type: value.type, bytes: Buffer.concat([header, before.subarray(0, offset), after]) };
}

/** Length and subtype. */
const BINARY_HEADER_BYTES = 5;

function applyInner(value: RawValue, diff: RawDocument): RawValue {
  const isArrayDiff = elementOf(diff, 'a') !== undefined;
  if (isArrayDiff && value.type === BsonType.array) return { type: value.type, bytes: applyArray(value.bytes, diff) };
  if (!isArrayDiff && value.type === BsonType.document)
    return { type: value.type, bytes: applyDiff(value.bytes, diff) };
  return value;
}

/** An array diff: `a: true`, `l` the new length, `u<index>` a new value, `s<index>` a diff of what is there. */
function applyArray(array: RawDocument, diff: RawDocument): RawDocument {
  const values: RawValue[] = [...elementsOf(array)];
  let length: number | undefined;
  for (const section of elementsOf(diff)) {
    if (section.name === 'a') continue;
    if (section.name === 'l') length = numberOf(section);
    else applyToIndex(values, section);
  }
  if (length !== undefined) values.length = Math.min(values.length, length);
  return rawDocument(values.map((value, index) => [String(index), value]));
}

const rawNull: RawValue = { type: BsonType.null, bytes: Buffer.alloc(0) };

function applyToIndex(values: RawValue[], section: RawElement): void {
  const index = Number(section.name.slice(1));
  if (!/^[us][0-9]+$/.test(section.name)) throw unknownSection(section.name);
  while (values.length < index) values.push(rawNull);
  const before = values[index];
  if (section.name.startsWith('u')) values[index] = section;
  else if (before) values[index] = applyInner(before, documentOf(section));
}
