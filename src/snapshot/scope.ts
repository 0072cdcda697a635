import type { SnapshotSource, SourceCollection, SourceView } from '#ports';

/** Which databases a backup covers. The system's own (`admin`, `config`, `local`) are never among them. */
export interface Databases {
  readonly include: readonly string[] | 'all';
  /** Taken out of what `include` names: Holdfast's own control data, if it lives in the same servers. */
  readonly exclude: readonly string[];
}

/** Collections that a restore of ours made, or put aside. They are copies, and some day they are dropped. */
export const OURS = '__hf_';

/** What a backup is of. */
export interface Scope {
  readonly databases: readonly string[];
  readonly collections: readonly SourceCollection[];
  readonly views: readonly SourceView[];
}

/** Reads the catalogs of the databases in scope. Throws what the source throws. */
export async function readScope(source: SnapshotSource, wanted: Databases): Promise<Scope> {
  const databases = (await source.databases())
    .filter((name) => wanted.include === 'all' || wanted.include.includes(name))
    .filter((name) => !wanted.exclude.includes(name));
  const catalogs = await Promise.all(databases.map((name) => source.catalog(name)));
  return {
    databases,
    collections: catalogs.flatMap(({ collections }) => collections).filter(({ name }) => !name.startsWith(OURS)),
    views: catalogs.flatMap(({ views }) => views),
  };
}

/** Whether an oplog entry's namespace is in scope. A database that appears during the backup is. */
export function inScope(wanted: Databases, namespace: string): boolean {
  const dot = namespace.indexOf('.');
  const database = namespace.slice(0, dot);
  const name = namespace.slice(dot + 1);
  // transactions and their ends are written here, whatever databases they touch
  if (namespace === 'admin.$cmd') return true;
  if (['admin', 'config', 'local', ''].includes(database) || wanted.exclude.includes(database)) return false;
  if (wanted.include !== 'all' && !wanted.include.includes(database)) return false;
  return name !== 'system.profile' && !name.startsWith(OURS);
}
