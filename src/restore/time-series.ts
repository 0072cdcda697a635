import { elementsOf, type RawDocument, type RawField, rawDocument } from '#core';
import type { Namespace } from '#ports';
import { BUCKETS } from '#vault';
import type { CatalogEntry } from './catalog-entry.ts';

/*
 * A time-series collection is two things: buckets, which hold its measurements many to a document, and a view of its own
 * name, which shows them one by one. Documents are read and written as buckets, so that they stay the bytes they were; no
 * server renames either of them.
 */

/** What holds a time-series collection's documents. */
export const bucketsOf = ({ database, name }: Namespace): Namespace => ({ database, name: `${BUCKETS}${name}` });

/** The name by which people know a collection: of buckets, that of their view. */
export const knownAs = ({ kind, name }: Pick<CatalogEntry, 'kind' | 'name'>): string =>
  kind === 'timeseries-buckets' ? name.slice(BUCKETS.length) : name;

/** Options that make the view to buckets which are there already: the server compares them with the buckets' own. */
const OF_THE_VIEW = ['timeseries', 'collation', 'storageEngine', 'indexOptionDefaults'];

export const viewOptions = (options: RawDocument): RawDocument =>
  rawDocument(
    [...elementsOf(options)]
      .filter(({ name }) => OF_THE_VIEW.includes(name))
      .map((element): RawField => [element.name, element]),
  );
