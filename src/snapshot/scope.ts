import type { SnapshotSource, SourceCollection, SourceView } from '#ports';
import { type Databases, inScope } from '#vault';

/** What a backup is of. */
export interface Scope {
  readonly databases: readonly string[];
  readonly collections: readonly SourceCollection[];
  readonly views: readonly SourceView[];
}

/** Reads the catalogs of the databases in scope. Throws what the source throws. */
export async function readScope(source: SnapshotSource, wanted: Databases): Promise<Scope> {
  const databases = (await source.databases()).filter((name) => inScope(wanted, `${name}.`));
  const catalogs = await Promise.all(databases.map((name) => source.catalog(name)));
  return {
    databases,
    collections: catalogs
      .flatMap(({ collections }) => collections)
      .filter(({ database, name }) => inScope(wanted, `${database}.${name}`)),
    views: catalogs.flatMap(({ views }) => views),
  };
}
