import { z } from 'zod';
import { DrError } from '#core';
import type { Namespace } from '#ports';
import { collectionOf, databaseOf } from './oplog-entry.ts';

/**
 * New names for what is restored: all of one database in another, under the same names, or each by itself. What has no
 * new name keeps its own, and takes the place of the live collection by a swap.
 */
export const Naming = z.union([
  z.object({ database: z.string() }),
  /** `database.collection` each. */
  z.object({ names: z.array(z.object({ from: z.string(), to: z.string() })).min(1) }),
]);
export type Naming = z.output<typeof Naming>;

/**
 * `kept`: names that are new only because of where they stand, in another cluster, and so must be free there like new ones.
 */
export type AnyNaming = Naming | 'kept';

/** Where what had this name stands in the end. */
export function placeOf(namespace: string, naming: AnyNaming | undefined): Namespace {
  if (!naming || naming === 'kept') return { database: databaseOf(namespace), name: collectionOf(namespace) };
  if ('database' in naming) return { database: naming.database, name: collectionOf(namespace) };
  const to = naming.names.find(({ from }) => from === namespace)?.to;
  if (to === undefined) throw new DrError('UNEXPECTED', 'bug', `${namespace} was not given a new name.`);
  return { database: databaseOf(to), name: collectionOf(to) };
}

/** The databases that new names lie in. */
export const databasesOf = (naming: Naming): string[] =>
  'database' in naming ? [naming.database] : [...new Set(naming.names.map(({ to }) => databaseOf(to)))];
