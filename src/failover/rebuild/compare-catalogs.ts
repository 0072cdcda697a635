import { counted, elementOf, type RawDocument, requiredElement, stringOf } from '#core';
import type { SourceCatalog, SourceCollection } from '#ports';
import type { Difference } from './difference.ts';

export interface CatalogComparison {
  /** In both, and described alike. */
  readonly same: readonly { readonly here: SourceCollection; readonly there: SourceCollection }[];
  readonly differences: readonly Difference[];
}

/** Compares how two members describe a database: collections by identity, options and indexes byte for byte, views. */
export function compareCatalogs(here: SourceCatalog, there: SourceCatalog): CatalogComparison {
  const same: { here: SourceCollection; there: SourceCollection }[] = [];
  const differences: Difference[] = [];
  const mine = new Map(here.collections.map((each) => [each.name, each]));
  for (const other of there.collections) {
    const own = mine.get(other.name);
    mine.delete(other.name);
    const what = own === undefined ? 'is missing' : whatDiffers(own, other);
    if (what !== undefined) differences.push({ collection: nameOf(other), what });
    else if (own) same.push({ here: own, there: other });
  }
  for (const extra of mine.values())
    differences.push({ collection: nameOf(extra), what: 'is there, and should not be' });
  const views = new Map(here.views.map((view) => [view.name, view.definition]));
  for (const { database, name, definition } of there.views) {
    const own = views.get(name);
    views.delete(name);
    const what = own === undefined ? 'the view is missing' : own.equals(definition) ? undefined : 'the view differs';
    if (what !== undefined) differences.push({ collection: `${database}.${name}`, what });
  }
  for (const name of views.keys()) differences.push({ collection: name, what: 'the view is there, and should not be' });
  return { same, differences };
}

export const nameOf = ({ database, name }: Pick<SourceCollection, 'database' | 'name'>): string =>
  `${database}.${name}`;

function whatDiffers(own: SourceCollection, other: SourceCollection): string | undefined {
  if (own.uuid !== other.uuid) return 'is another collection of that name';
  if (!own.options.equals(other.options)) return 'has other options';
  const missing = other.indexes.filter((index) => !own.indexes.some((each) => each.equals(index)));
  const extra = own.indexes.filter((index) => !other.indexes.some((each) => each.equals(index)));
  if (missing.length > 0) return `${counted(missing.length, 'index')} missing or different: ${names(missing)}`;
  if (extra.length > 0) return `${counted(extra.length, 'index')} too many: ${names(extra)}`;
  return undefined;
}

const names = (indexes: readonly RawDocument[]): string =>
  indexes.map((index) => stringOf(requiredElement(index, 'name'))).join(', ');

/** Whether it is capped: no server reads such a one at a past time. */
export const isCapped = ({ options }: SourceCollection): boolean => elementOf(options, 'capped') !== undefined;
