import { closest, DrError } from '#core';
import type { CatalogEntry } from './catalog-entry.ts';
import type { FoldedCatalog } from './fold-catalog.ts';
import { collectionOf, databaseOf } from './oplog-entry.ts';
import { knownAs } from './time-series.ts';
import { viewReads } from './view-reads.ts';

/** What somebody chose of a moment, as `database.collection` or `database.*`, by the names of that moment; all when left out. */
export type Choice = readonly string[] | undefined;

export interface Chosen {
  /** By name. */
  readonly collections: readonly CatalogEntry[];
  /** Views, by namespace: they hold nothing, and are made anew over the collections they read. */
  readonly views: readonly string[];
}

/** Whether a choice has this namespace. */
export const isChosen = (namespace: string, choice: Choice): boolean =>
  choice === undefined || choice.some((each) => each === namespace || wholeOf(each) === databaseOf(namespace));

/** The database of `eld.*`. */
const wholeOf = (chosen: string): string | undefined => (chosen.endsWith('.*') ? chosen.slice(0, -2) : undefined);

/**
 * What a choice stands for at a moment, after everything until then was folded into the catalog: who was renamed before
 * is known by the later name only. Pure. Throws NOT_FOUND (user) with the nearest name for what was not there, and
 * ARGUMENTS_INVALID (user) for a view without what it reads.
 */
export function chooseNamespaces({ collections, views }: FoldedCatalog, choice: Choice): Chosen {
  const all = [...collections.values()].sort((a, b) => (namespaceOf(a) < namespaceOf(b) ? -1 : 1));
  const own = new Set(all.map(namespaceOf));
  // a time-series collection has one by its own name
  const realViews = [...views.keys()].filter((view) => !own.has(view)).sort();
  const names = [...own, ...realViews].sort();
  for (const each of choice ?? []) if (!names.some((name) => isChosen(name, [each]))) throw notThere(each, names);
  const chosenViews = realViews.filter((view) => isChosen(view, choice));
  for (const view of chosenViews) {
    const lacks = missingFor(view, { collections, views }).filter((name) => !isChosen(name, choice));
    if (lacks.length > 0) throw needsMore(view, lacks, choice);
  }
  return {
    collections: all.filter((entry) => isChosen(namespaceOf(entry), choice)),
    views: chosenViews,
  };
}

/** Views outside a choice that read something in it: whoever chose may have forgotten them. */
export const viewsLeftOut = (catalog: FoldedCatalog, choice: Choice): string[] =>
  [...catalog.views.keys()]
    .filter((view) => !isChosen(view, choice) && missingFor(view, catalog).some((name) => isChosen(name, choice)))
    .sort();

/** As people know it. */
export const namespaceOf = (entry: CatalogEntry): string => `${entry.database}.${knownAs(entry)}`;

/** What a view reads, of what was there. */
function missingFor(view: string, { collections, views }: FoldedCatalog): string[] {
  const definition = views.get(view);
  const database = databaseOf(view);
  return (definition ? viewReads(definition) : [])
    .map((name) => `${database}.${name}`)
    .filter((name) => views.has(name) || [...collections.values()].some((entry) => namespaceOf(entry) === name));
}

/** So many names are shown; a database may have thousands. */
const SHOWN = 12;

function notThere(wanted: string, names: readonly string[]): DrError {
  const wholes = [...new Set(names.map(databaseOf))].map((database) => `${database}.*`);
  const near = closest(wanted, [...names, ...wholes]) ?? names.find((name) => collectionOf(name) === wanted);
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return new DrError(
    'NOT_FOUND',
    'user',
    `There was no ${wanted} at that time.${near ? ` Did you mean ${near}?` : ''} Nothing was changed.`,
    {
      hint:
        names.length === 0
          ? 'Choose another backup: /dr backups'
          : `Choose from ${names.slice(0, SHOWN).join(', ')}${more}`,
    },
  );
}

const needsMore = (view: string, lacks: readonly string[], choice: Choice): DrError =>
  new DrError(
    'ARGUMENTS_INVALID',
    'user',
    `${view} is a view: it holds nothing of its own and reads ${lacks.join(', ')}. Nothing was changed.`,
    { hint: `Choose what it reads too: --only ${[...(choice ?? []), ...lacks].join(',')}` },
  );
