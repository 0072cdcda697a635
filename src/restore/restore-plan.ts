import { DrError, elementOf, numberOf, type RawDocument, type RequestId, without } from '#core';
import type { Namespace, TtlIndex } from '#ports';
import { besideName, namesFit } from './beside-names.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import { type Choice, chooseNamespaces, namespaceOf } from './choose-namespaces.ts';
import type { FoldedCatalog } from './fold-catalog.ts';
import { type AnyNaming, placeOf } from './naming.ts';

/** A collection to restore, with what it will be. */
export interface PlannedCollection {
  readonly entry: CatalogEntry;
  readonly namespace: string;
  /** Where it will stand in the end: in the place of the live one, or under a new name. */
  readonly place: Namespace;
  /** The name until then, in the same database: only such a rename moves no data. */
  readonly beside: string;
  /** Its documents are those of its buckets, and it has a view to make them measurements again. */
  readonly timeSeries: boolean;
  /** As it was, but nothing expires until after the swap: a restore must not lose documents while it is looked at. */
  readonly options: RawDocument;
  /** Without `_id`, which comes with the collection. */
  readonly indexes: readonly RawDocument[];
  readonly ttl: readonly TtlIndex[];
}

/** What can't be restored beside, and why. */
export interface Refusal {
  readonly namespace: string;
  readonly reason: string;
}

export interface RestorePlan {
  readonly collections: readonly PlannedCollection[];
  readonly refused: readonly Refusal[];
  /** Views that were chosen, by namespace. */
  readonly views: readonly string[];
}

/** What of a moment is wanted, and under which names. */
export interface Wanted {
  readonly namespaces?: Choice;
  readonly naming?: AnyNaming | undefined;
}

/**
 * What a restore of these namespaces consists of. Pure. Throws what `chooseNamespaces` throws, and ARGUMENTS_INVALID
 * (user) when nothing of a choice can be restored.
 */
export function planRestore(catalog: FoldedCatalog, run: RequestId, { namespaces, naming }: Wanted = {}): RestorePlan {
  const chosen = chooseNamespaces(catalog, namespaces);
  const [view] = chosen.views;
  if (view && typeof naming === 'object' && 'names' in naming) throw staysBehind(view);
  const refused: Refusal[] = [];
  const collections: PlannedCollection[] = [];
  for (const entry of chosen.collections) {
    const namespace = namespaceOf(entry);
    const reason = whyNot(entry);
    if (reason !== undefined) {
      refused.push({ namespace, reason });
      continue;
    }
    const place = placeOf(namespace, naming);
    if (namesFit(run, place.database, place.name)) collections.push(planCollection(entry, place, run));
    else refused.push({ namespace, reason: TOO_LONG });
  }
  if (namespaces && collections.length === 0) throw nothingLeft(refused);
  return { collections, refused, views: chosen.views };
}

const nothingLeft = (refused: readonly Refusal[]): DrError =>
  new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `Nothing that was chosen can be restored. ${refused.map(({ namespace, reason }) => `${namespace}: ${reason}`).join(' ')} Nothing was changed.`,
    { hint: 'Choose others with --only, or leave it out for all.' },
  );

const staysBehind = (view: string): DrError =>
  new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `${view} is a view, and would go on reading what it reads under the old names. Nothing was changed.`,
    { hint: 'Views come along into another database, where names stay: --only eld.* --as eld_copy' },
  );

const TOO_LONG = 'Its name is too long to get a prefix.';

function whyNot(entry: CatalogEntry): string | undefined {
  if (entry.kind === 'timeseries-buckets') {
    return elementOf(entry.options, 'timeseries')
      ? undefined
      : 'It has the name of buckets and is no time-series collection.';
  }
  if (entry.name.startsWith('system.')) return 'System collections cannot be renamed into place.';
  if (elementOf(entry.options, 'temp')) return 'It is temporary: a server drops it by itself when it starts.';
  if (elementOf(entry.options, 'encryptedFields')) return 'Collections with Queryable Encryption are not supported.';
  return undefined;
}

function planCollection(entry: CatalogEntry, place: Namespace, run: RequestId): PlannedCollection {
  const specs = [...entry.indexes.values()].filter((spec) => !isOwn(spec));
  const ttl: TtlIndex[] = [];
  const clustered = elementOf(entry.options, 'expireAfterSeconds');
  if (clustered) ttl.push({ index: undefined, expireAfterSeconds: numberOf(clustered) });
  for (const [name, spec] of entry.indexes) {
    const seconds = elementOf(spec, 'expireAfterSeconds');
    if (seconds) ttl.push({ index: name, expireAfterSeconds: numberOf(seconds) });
  }
  return {
    entry,
    namespace: namespaceOf(entry),
    place,
    beside: besideName(run, place.name),
    timeSeries: entry.kind === 'timeseries-buckets',
    options: without(entry.options, 'expireAfterSeconds'),
    indexes: specs.map((spec) => without(spec, 'expireAfterSeconds')),
    ttl,
  };
}

/** The `_id` index, or the key of a clustered collection: they come with the collection itself. */
function isOwn(spec: RawDocument): boolean {
  const name = elementOf(spec, 'name');
  return elementOf(spec, 'clustered') !== undefined || name?.bytes.toString('latin1', 4) === '_id_\0';
}
