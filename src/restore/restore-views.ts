import { elementOf, type RawDocument, requiredElement } from '#core';
import type { Namespace, RestoreTarget, TargetCollection } from '#ports';
import type { Vault } from '#vault';
import { collectionOf, databaseOf } from './oplog-entry.ts';
import { openPoint, type RestorePoint } from './restore-point.ts';

export interface RestoredViews {
  readonly created: readonly string[];
  /** There already, as in the backup or not. Somebody may have changed one on purpose: it is left alone. */
  readonly same: readonly string[];
  readonly different: readonly string[];
  /** A collection has the name, or the view belongs to a time-series collection. */
  readonly refused: readonly string[];
}

export interface RestoreViewsOptions {
  readonly vault: Vault;
  readonly point: RestorePoint;
  readonly target: RestoreTarget;
  /** Databases whose views are wanted. */
  readonly databases: readonly string[];
  /** Only these of them, by namespace. */
  readonly views?: readonly string[] | undefined;
  /** Made in this database instead, over what has the same names there. */
  readonly into?: string | undefined;
}

/** Makes the backup's views that are missing, after the collections they show. Idempotent. */
export async function restoreViews(options: RestoreViewsOptions): Promise<RestoredViews> {
  const result = {
    created: [] as string[],
    same: [] as string[],
    different: [] as string[],
    refused: [] as string[],
  };
  for (const [at, definition] of await wantedViews(options)) {
    result[await restoreView(options.target, at, definition)].push(`${at.database}.${at.name}`);
  }
  return result;
}

/** Drops the views that `restoreViews` made, or would have: what is defined otherwise is somebody else's. Idempotent. */
export async function dropViews(options: RestoreViewsOptions): Promise<void> {
  for (const [at, definition] of (await wantedViews(options)).reverse()) {
    const found = await viewAt(options.target, at);
    if (found?.kind === 'view' && isSame(found, definition)) await options.target.drop(at);
  }
}

async function wantedViews(options: RestoreViewsOptions): Promise<[Namespace, RawDocument][]> {
  const { vault, point, databases, views, into } = options;
  if (views?.length === 0) return [];
  const opened = await openPoint(vault, point);
  try {
    return inOrder(opened.catalog.views)
      .filter(([namespace]) => databases.includes(databaseOf(namespace)) && (views?.includes(namespace) ?? true))
      .map(([namespace, definition]) => [
        { database: into ?? databaseOf(namespace), name: collectionOf(namespace) },
        definition,
      ]);
  } finally {
    await opened.close();
  }
}

async function restoreView(
  target: RestoreTarget,
  at: Namespace,
  definition: RawDocument,
): Promise<keyof RestoredViews> {
  if (viewOn(definition).startsWith('system.buckets.')) return 'refused';
  const found = await viewAt(target, at);
  if (!found) {
    await target.createView(at, definition);
    return 'created';
  }
  if (found.kind !== 'view') return 'refused';
  return isSame(found, definition) ? 'same' : 'different';
}

const viewAt = async (target: RestoreTarget, { database, name }: Namespace): Promise<TargetCollection | undefined> =>
  (await target.collections(database)).find((each) => each.name === name);

const isSame = ({ options }: TargetCollection, definition: RawDocument): boolean =>
  ['viewOn', 'pipeline', 'collation'].every((field) => {
    const [there, wanted] = [elementOf(options, field)?.bytes, elementOf(definition, field)?.bytes];
    // the server writes a collation out in full when it lists it
    return field === 'collation' ? (there === undefined) === (wanted === undefined) : there && wanted?.equals(there);
  });

const viewOn = (definition: RawDocument): string => {
  const { bytes } = requiredElement(definition, 'viewOn');
  return bytes.toString('utf8', 4, bytes.length - 1);
};

/** A view on a view comes after it. */
function inOrder(views: ReadonlyMap<string, RawDocument>): [string, RawDocument][] {
  const depth = (namespace: string, seen: readonly string[]): number => {
    const definition = views.get(namespace);
    if (!definition || seen.includes(namespace)) return 0;
    return 1 + depth(`${databaseOf(namespace)}.${viewOn(definition)}`, [...seen, namespace]);
  };
  return [...views].sort(([a], [b]) => depth(a, []) - depth(b, []));
}
