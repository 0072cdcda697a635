import { DrError, elementOf, numberOf, type RawDocument, type RequestId, without } from '#core';
import type { TtlIndex } from '#ports';
import { besideName, namesFit } from './beside-names.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import type { FoldedCatalog } from './fold-catalog.ts';

/** A collection to restore, with what it will be. */
export interface PlannedCollection {
  readonly entry: CatalogEntry;
  readonly namespace: string;
  readonly beside: string;
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
}

/**
 * What a restore of these namespaces (`database.collection`; all when left out) consists of. Pure. Throws NOT_FOUND
 * (user) for a namespace that the backup does not have.
 */
export function planRestore(
  catalog: FoldedCatalog,
  run: RequestId,
  namespaces: readonly string[] | undefined,
): RestorePlan {
  const all = [...catalog.collections.values()].sort((a, b) => (namespaceOf(a) < namespaceOf(b) ? -1 : 1));
  const missing = namespaces?.find((name) => !all.some((entry) => namespaceOf(entry) === name));
  if (missing) {
    throw new DrError('NOT_FOUND', 'user', `The backup has no collection ${missing}.`, {
      hint: 'Show what it has: /dr backups',
    });
  }
  const wanted = all.filter((entry) => !namespaces || namespaces.includes(namespaceOf(entry)));
  const refused: Refusal[] = [];
  const collections: PlannedCollection[] = [];
  for (const entry of wanted) {
    const reason = whyNot(entry, run);
    if (reason) refused.push({ namespace: namespaceOf(entry), reason });
    else collections.push(planCollection(entry, run));
  }
  return { collections, refused };
}

const namespaceOf = ({ database, name }: CatalogEntry): string => `${database}.${name}`;

function whyNot(entry: CatalogEntry, run: RequestId): string | undefined {
  if (entry.kind === 'timeseries-buckets') {
    return 'A time-series collection cannot be renamed into place; restore it to another cluster.';
  }
  if (entry.name.startsWith('system.')) return 'System collections cannot be renamed into place.';
  if (!namesFit(run, entry.database, entry.name)) return 'Its name is too long to get a prefix.';
  if (elementOf(entry.options, 'encryptedFields')) return 'Collections with Queryable Encryption are not supported.';
  return undefined;
}

function planCollection(entry: CatalogEntry, run: RequestId): PlannedCollection {
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
    beside: besideName(run, entry.name),
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
