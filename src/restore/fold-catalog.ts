import {
  BsonType,
  documentOf,
  elementOf,
  elementsOf,
  numberOf,
  type RawDocument,
  type RawField,
  rawBoolean,
  rawDocument,
  stringOf,
  uuidOf,
  without,
} from '#core';
import { BUCKETS, bsonOf, type CollectionRecord, inScope, type ManifestBody } from '#vault';
import type { CatalogEntry } from './catalog-entry.ts';
import { changeCollection } from './change-collection.ts';
import { foldViews, viewIn } from './fold-views.ts';
import { collectionOf, commandName, databaseOf, notReplayable, type OplogEntry } from './oplog-entry.ts';

/** The catalog at the end of a backup's window. */
export interface FoldedCatalog {
  readonly collections: ReadonlyMap<string, CatalogEntry>;
  /** By namespace: their entries in `system.views`. */
  readonly views: ReadonlyMap<string, RawDocument>;
}

/**
 * Folds the schema changes of the window into the catalog that was read at its start. Collections are known by UUID,
 * so a rename changes a name and nothing else, and writes to what is dropped later are never done. Every change is
 * safe to fold twice: the catalog was read after the window began and may have it already.
 */
export class CatalogFold {
  readonly #collections = new Map<string, CatalogEntry>();
  readonly #views = new Map<string, RawDocument>();
  readonly #body: ManifestBody;
  /** Written to or renamed, but neither in the backup nor created in the window: dropped soon after, or the backup is wrong. */
  readonly #unknown = new Map<string, OplogEntry>();

  constructor(body: ManifestBody) {
    this.#body = body;
    for (const record of body.collections) this.#collections.set(record.uuid, entryOf(record));
    for (const view of body.views) this.#views.set(`${view.database}.${view.name}`, bsonOf(view.definition));
  }

  /** Takes the next committed operation. Throws NOT_REPLAYABLE (permanent). */
  push(entry: OplogEntry): void {
    if (!inScope(this.#body.scope, entry.namespace)) return;
    if (entry.operation === 'c') this.#command(entry);
    else if (collectionOf(entry.namespace) === 'system.views') {
      // a restored time-series collection of ours has one too
      if (inScope(this.#body.scope, viewIn(entry))) foldViews(this.#views, entry);
    } else if (['i', 'u', 'd'].includes(entry.operation)) this.#write(entry);
    else if (!IGNORED_OPERATIONS.has(entry.operation))
      throw notReplayable(entry, `operation "${entry.operation}" is not known`);
  }

  finish(): FoldedCatalog {
    const [lost] = this.#unknown.values();
    if (lost) throw notReplayable(lost, `it is about ${lost.namespace}, which the backup does not have`);
    return { collections: this.#collections, views: this.#views };
  }

  #write(entry: OplogEntry): void {
    if (!entry.uuid) throw notReplayable(entry, 'a write without a collection UUID');
    const collection = this.#collections.get(entry.uuid);
    if (collection) collection.writes += 1;
    else this.#unknown.set(entry.uuid, entry);
  }

  #command(entry: OplogEntry): void {
    const name = commandName(entry);
    if (IGNORED_COMMANDS.has(name)) return;
    if (name === 'create') this.#create(entry);
    else if (name === 'drop') this.#drop(entry.uuid);
    else if (name === 'dropDatabase') this.#dropDatabase(databaseOf(entry.namespace));
    else if (name === 'renameCollection') this.#rename(entry);
    else {
      const collection = entry.uuid ? this.#collections.get(entry.uuid) : undefined;
      changeCollection(entry, name, collection);
    }
  }

  #create(entry: OplogEntry): void {
    const [first] = elementsOf(entry.body);
    if (!first || !entry.uuid || this.#collections.has(entry.uuid)) return;
    const name = stringOf(first);
    // A restore of ours made it beside: no part of the data, and its writes are out of scope.
    if (name === 'system.views' || !inScope(this.#body.scope, `${databaseOf(entry.namespace)}.${name}`)) return;
    this.#unknown.delete(entry.uuid);
    this.#collections.set(entry.uuid, {
      uuid: entry.uuid,
      database: databaseOf(entry.namespace),
      name,
      kind: name.startsWith(BUCKETS) ? 'timeseries-buckets' : 'collection',
      options: without(entry.body, 'create', 'idIndex', 'recordIdsReplicated'),
      indexes: new Map(ownIndex(entry.body).map((spec) => [indexName(spec), spec])),
      record: undefined,
      writes: 0,
    });
  }

  #drop(uuid: string | undefined): void {
    if (!uuid) return;
    this.#collections.delete(uuid);
    this.#unknown.delete(uuid);
  }

  #dropDatabase(database: string): void {
    for (const entry of [...this.#collections.values()]) if (entry.database === database) this.#drop(entry.uuid);
    for (const namespace of [...this.#views.keys()])
      if (databaseOf(namespace) === database) this.#views.delete(namespace);
  }

  #rename(entry: OplogEntry): void {
    const to = elementOf(entry.body, 'to');
    const dropped = elementOf(entry.body, 'dropTarget');
    if (!to || !entry.uuid) throw notReplayable(entry, 'a rename without its target');
    if (dropped?.type === BsonType.binary) this.#drop(uuidOf(dropped));
    const collection = this.#collections.get(entry.uuid);
    if (!inScope(this.#body.scope, stringOf(to))) {
      this.#drop(entry.uuid);
      return;
    }
    if (!collection) {
      // dropped before the catalog was read, or it came in from where nothing is captured
      this.#unknown.set(entry.uuid, entry);
      return;
    }
    // $out, a rename across databases and convertToCapped write to a temporary one first
    const stays = elementOf(entry.body, 'stayTemp');
    if (!stays || numberOf(stays) === 0) collection.options = without(collection.options, 'temp');
    collection.database = databaseOf(stringOf(to));
    collection.name = collectionOf(stringOf(to));
  }
}

/** Container and key operations of newer servers: below the documents, and made again by writing them. */
export const IGNORED_OPERATIONS = new Set(['n', 'ci', 'cd', 'cu', 'km']);
/** An index counts from its commit. */
export const IGNORED_COMMANDS = new Set([
  'startIndexBuild',
  'abortIndexBuild',
  'setMultikeyMetadata',
  'dropIdent',
  'createIdent',
]);

function entryOf(record: CollectionRecord): CatalogEntry {
  const indexes = record.indexes.map(bsonOf).map((spec): [string, RawDocument] => [indexName(spec), spec]);
  const { uuid, database, name, kind } = record;
  return { uuid, database, name, kind, options: bsonOf(record.options), indexes: new Map(indexes), record, writes: 0 };
}

/** The index that comes with a collection: by `_id`, or the key of a clustered one, as `listIndexes` shows it. */
function ownIndex(create: RawDocument): RawDocument[] {
  const byId = elementOf(create, 'idIndex');
  if (byId) return [documentOf(byId)];
  const clustered = elementOf(create, 'clusteredIndex');
  // of a time-series collection's buckets it only says `true`
  if (clustered?.type !== BsonType.document) return [];
  const spec = [...elementsOf(documentOf(clustered))].map((element): RawField => [element.name, element]);
  return [rawDocument([...spec, ['clustered', rawBoolean(true)]])];
}

/** The name of an index, which is how a collection knows it. */
export function indexName(spec: RawDocument): string {
  const name = elementOf(spec, 'name');
  return name ? stringOf(name) : '';
}
