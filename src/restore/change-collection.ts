import {
  BsonType,
  documentOf,
  elementOf,
  elementsOf,
  numberOf,
  type RawDocument,
  type RawElement,
  type RawField,
  rawDocument,
  rawEmbedded,
  rawInt32,
  rawString,
  stringOf,
  without,
} from '#core';
import type { CatalogEntry } from './catalog-entry.ts';
import { commandName, notReplayable, type OplogEntry } from './oplog-entry.ts';

/**
 * Folds a command that changes a collection's indexes or options. Nothing happens for a collection that is not
 * there: it was dropped before the catalog was read. Throws NOT_REPLAYABLE (permanent) for a command it does not know.
 */
export function changeCollection(entry: OplogEntry, name: string, collection: CatalogEntry | undefined): void {
  switch (name) {
    case 'createIndexes':
      addIndex(collection, without(entry.body, 'createIndexes'));
      return;
    case 'commitIndexBuild':
      for (const spec of elementsOf(documentOf(field(entry, 'indexes')))) addIndex(collection, documentOf(spec));
      return;
    case 'dropIndexes':
    case 'deleteIndexes':
    case 'deleteIndex':
    case 'dropIndex':
      collection?.indexes.delete(stringOf(field(entry, 'index')));
      return;
    case 'collMod':
      modify(entry, collection);
      return;
    default:
      throw notReplayable(entry, `command "${name}" is not known`);
  }
}

function field(entry: OplogEntry, name: string): RawElement {
  const found = elementOf(entry.body, name);
  if (!found) throw notReplayable(entry, `"${commandName(entry)}" without "${name}"`);
  return found;
}

function addIndex(collection: CatalogEntry | undefined, spec: RawDocument): void {
  const name = elementOf(spec, 'name');
  if (name) collection?.indexes.set(stringOf(name), spec);
}

/** Options that `collMod` replaces, as they stand in the catalog. */
const OPTIONS = new Map([
  ['validator', 'validator'],
  ['validationLevel', 'validationLevel'],
  ['validationAction', 'validationAction'],
  ['expireAfterSeconds', 'expireAfterSeconds'],
  ['changeStreamPreAndPostImages', 'changeStreamPreAndPostImages'],
  ['recordPreImages', 'recordPreImages'],
  ['cappedSize', 'size'],
  ['cappedMax', 'max'],
  ['comment', ''],
]);

function modify(entry: OplogEntry, collection: CatalogEntry | undefined): void {
  for (const change of [...elementsOf(entry.body)].slice(1)) {
    const option = OPTIONS.get(change.name);
    if (change.name === 'index') modifyIndex(entry, collection, documentOf(change));
    else if (change.name === 'timeseries') modifyTimeSeries(entry, collection, documentOf(change));
    else if (option !== undefined && isSwitchedOff(change)) {
      if (collection) collection.options = without(collection.options, option);
    } else if (option === undefined) throw notReplayable(entry, `collMod of "${change.name}" is not known`);
    else if (collection && option !== '') collection.options = withField(collection.options, option, change);
    if (collection && VALIDATION.some(([name]) => name === change.name)) writeOutValidation(collection);
  }
}

/** What is off is in no catalog: `expireAfterSeconds: "off"`, `changeStreamPreAndPostImages: { enabled: false }`. */
function isSwitchedOff(change: RawElement): boolean {
  if (change.name === 'expireAfterSeconds') return change.type === BsonType.string;
  if (change.name !== 'changeStreamPreAndPostImages') return false;
  const enabled = elementOf(documentOf(change), 'enabled');
  return enabled !== undefined && numberOf(enabled) === 0;
}

/** How long a bucket may be, in seconds; the server writes it out beside the granularity. */
const SPANS = new Map([
  ['seconds', 3_600],
  ['minutes', 86_400],
  ['hours', 2_592_000],
]);

function modifyTimeSeries(entry: OplogEntry, collection: CatalogEntry | undefined, change: RawDocument): void {
  const all = [...elementsOf(change)];
  const [granularity] = all;
  const span = granularity?.name === 'granularity' ? SPANS.get(stringOf(granularity)) : undefined;
  if (!granularity || span === undefined || all.length > 1) {
    throw notReplayable(entry, `collMod of time-series "${all.map(({ name }) => name).join('", "')}" is not known`);
  }
  const is = collection && elementOf(collection.options, 'timeseries');
  if (!collection || !is) return;
  // with it a rounding of its own, where a newer server had one, ends
  const changed = without(withField(documentOf(is), 'granularity', granularity), 'bucketRoundingSeconds');
  const spans = withField(changed, 'bucketMaxSpanSeconds', { name: 'bucketMaxSpanSeconds', ...rawInt32(span) });
  collection.options = withField(collection.options, 'timeseries', { name: 'timeseries', ...rawEmbedded(spans) });
}

/** With any change of one of them the server writes the others out too, with their defaults, and drops an empty validator. */
const VALIDATION = [
  ['validator', undefined],
  ['validationLevel', 'strict'],
  ['validationAction', 'error'],
] as const;

function writeOutValidation(collection: CatalogEntry): void {
  for (const [name, usual] of VALIDATION) {
    const found = elementOf(collection.options, name);
    if (name === 'validator') {
      if (found?.bytes.length === EMPTY_DOCUMENT_BYTES) collection.options = without(collection.options, name);
    } else if (usual !== undefined && !found) {
      collection.options = rawDocument([...fieldsOf(collection.options), [name, rawString(usual)]]);
    }
  }
}

/** The length of a document without a field. */
export const EMPTY_DOCUMENT_BYTES = 5;

const fieldsOf = (document: RawDocument): RawField[] =>
  [...elementsOf(document)].map((element): RawField => [element.name, element]);

function modifyIndex(entry: OplogEntry, collection: CatalogEntry | undefined, change: RawDocument): void {
  const named = elementOf(change, 'name');
  if (!named) throw notReplayable(entry, 'collMod of an index without its name');
  const name = stringOf(named);
  let spec = collection?.indexes.get(name);
  if (!spec || !collection) return;
  for (const element of elementsOf(change)) {
    if (element.name === 'name' || element.name === 'keyPattern') continue;
    if (!['expireAfterSeconds', 'hidden', 'unique', 'prepareUnique'].includes(element.name)) {
      throw notReplayable(entry, `collMod of an index's "${element.name}" is not known`);
    }
    const isOff = element.type === BsonType.boolean && numberOf(element) === 0;
    spec = isOff ? without(spec, element.name) : withField(spec, element.name, element);
    if (element.name === 'unique') spec = without(spec, 'prepareUnique');
  }
  collection.indexes.set(name, spec);
}

/** The document with that field set, in its place or at the end. */
function withField(document: RawDocument, name: string, value: RawElement): RawDocument {
  const fields = fieldsOf(document).map(([key, element]): RawField => [key, key === name ? value : element]);
  if (!fields.some(([key]) => key === name)) fields.push([name, value]);
  return rawDocument(fields);
}
