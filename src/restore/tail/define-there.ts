import {
  BsonType,
  documentOf,
  elementOf,
  elementsOf,
  type RawDocument,
  type RawField,
  rawDocument,
  rawEmbedded,
  stringOf,
  uuidOf,
  without,
} from '#core';
import type { Namespace, TailTarget, TargetCollection } from '#ports';
import { BUCKETS } from '#vault';
import { changeCollection } from '../change-collection.ts';
import { IGNORED_COMMANDS } from '../fold-catalog.ts';
import { updated, viewIn } from '../fold-views.ts';
import { collectionOf, commandName, databaseOf, notReplayable, type OplogEntry } from '../oplog-entry.ts';
import { viewOptions } from '../time-series.ts';
import type { CollectionsThere } from './collections-there.ts';

/** Whether a command of the oplog changes what there is; of the others a replay makes nothing. */
export const isDefinition = (entry: OplogEntry): boolean =>
  entry.operation === 'c' ? !IGNORED_COMMANDS.has(commandName(entry)) : collectionOf(entry.namespace) === VIEWS;

const VIEWS = 'system.views';

/**
 * Does what a command of the oplog did: creates, drops, renames, changes options, indexes and views. Idempotent for the one
 * that a killed try may have done last. Throws NOT_REPLAYABLE (permanent) for one that it does not know.
 */
export async function defineThere(target: TailTarget, there: CollectionsThere, entry: OplogEntry): Promise<void> {
  const database = databaseOf(entry.namespace);
  try {
    if (entry.operation !== 'c') await changeView(target, there, entry);
    else await command(target, there, entry, database);
  } finally {
    there.forget(database);
  }
}

async function command(
  target: TailTarget,
  there: CollectionsThere,
  entry: OplogEntry,
  database: string,
): Promise<void> {
  const name = commandName(entry);
  switch (name) {
    case 'create':
      return create(target, there, entry, database);
    case 'drop': {
      const found = entry.uuid && (await there.at(database, entry.uuid));
      if (found) await target.drop(found);
      return;
    }
    case 'dropDatabase':
      return dropAll(target, there, database);
    case 'renameCollection':
      return rename(target, there, entry, database);
    default:
      return change(target, there, entry, name);
  }
}

async function create(target: TailTarget, there: CollectionsThere, entry: OplogEntry, database: string): Promise<void> {
  const [first] = elementsOf(entry.body);
  if (!first || !entry.uuid) throw notReplayable(entry, 'a collection is created without a UUID');
  const name = stringOf(first);
  if (name === VIEWS || (await there.at(database, entry.uuid))) return;
  const standing = await named(there, { database, name });
  // nobody else writes meanwhile: it is what a try made that was killed before it could say so
  if (!standing) await target.create({ database, name }, without(entry.body, 'create', ...NOT_OPTIONS));
  there.forget(database);
  const made = await named(there, { database, name });
  if (made) there.made(entry.uuid, made.uuid);
}

/** What an entry says besides options. A temporary collection would go when the server starts; it gets its name soon. */
const NOT_OPTIONS = ['idIndex', 'recordIdsReplicated', 'temp'];

async function named(there: CollectionsThere, { database, name }: Namespace): Promise<TargetCollection | undefined> {
  return [...(await there.in(database)).values()].find((each) => each.name === name);
}

async function dropAll(target: TailTarget, there: CollectionsThere, database: string): Promise<void> {
  const all = [...(await there.in(database)).values()];
  for (const each of all.filter(({ kind }) => kind !== 'collection')) await target.drop(each);
  for (const each of all.filter(({ kind, name }) => kind === 'collection' && !name.startsWith('system.'))) {
    await target.drop(each);
  }
}

async function rename(target: TailTarget, there: CollectionsThere, entry: OplogEntry, database: string): Promise<void> {
  const to = elementOf(entry.body, 'to');
  if (!to || !entry.uuid) throw notReplayable(entry, 'a rename without its target');
  if (databaseOf(stringOf(to)) !== database) throw notReplayable(entry, 'a rename into another database');
  const name = collectionOf(stringOf(to));
  const found = await there.at(database, entry.uuid);
  if (!found) throw notReplayable(entry, `it renames ${entry.namespace}, which is not there`);
  if (found.name === name) return;
  const replaced = elementOf(entry.body, 'dropTarget');
  if (replaced?.type === BsonType.binary) {
    const old = await there.at(database, uuidOf(replaced));
    if (old) await target.drop(old);
  }
  await target.rename(found, name);
}

async function change(target: TailTarget, there: CollectionsThere, entry: OplogEntry, name: string): Promise<void> {
  // for what it says of commands it does not know; it changes nothing here
  changeCollection(entry, name, undefined);
  const at = await there.of(entry);
  switch (name) {
    case 'createIndexes':
      return target.createIndexes(at, [without(entry.body, 'createIndexes')]);
    case 'commitIndexBuild': {
      const specs = elementOf(entry.body, 'indexes');
      return target.createIndexes(at, specs ? [...elementsOf(documentOf(specs))].map(documentOf) : []);
    }
    case 'collMod':
      return target.modify(at, changesOf(entry.body));
    default: {
      const index = elementOf(entry.body, 'index');
      if (!index) throw notReplayable(entry, `"${name}" without "index"`);
      return target.dropIndex(at, stringOf(index));
    }
  }
}

/** An index is named or shown by its key, never both; the oplog has both. */
function changesOf(body: RawDocument): RawDocument {
  const fields = [...elementsOf(body)].slice(1).map((field): RawField => {
    if (field.name !== 'index') return [field.name, field];
    const index = documentOf(field);
    return ['index', rawEmbedded(elementOf(index, 'name') ? without(index, 'keyPattern') : index)];
  });
  return rawDocument(fields);
}

/** Views are documents of `system.views`. One that shows a time-series collection's buckets is made as the server makes it. */
async function changeView(target: TailTarget, there: CollectionsThere, entry: OplogEntry): Promise<void> {
  const namespace = viewIn(entry);
  const at = { database: databaseOf(namespace), name: collectionOf(namespace) };
  there.forget(at.database);
  const standing = await named(there, at);
  if (entry.operation === 'd') {
    if (standing && standing.kind !== 'collection') await target.drop(at);
    return;
  }
  const definition = definitionAfter(entry, standing);
  const shown = viewOnOf(definition);
  if (shown === `${BUCKETS}${at.name}`) {
    const buckets = await named(there, { database: at.database, name: shown });
    if (!standing && buckets) await target.create(at, viewOptions(buckets.options));
    return;
  }
  if (standing) await target.drop(at);
  await target.createView(at, definition);
}

function definitionAfter(entry: OplogEntry, standing: TargetCollection | undefined): RawDocument {
  if (entry.operation === 'i') return entry.body;
  if (entry.operation !== 'u') throw notReplayable(entry, `operation "${entry.operation}" on a view is not known`);
  return updated(entry, standing?.options ?? rawDocument([]));
}

const viewOnOf = (definition: RawDocument): string => {
  const shown = elementOf(definition, 'viewOn');
  return shown ? stringOf(shown) : '';
};
