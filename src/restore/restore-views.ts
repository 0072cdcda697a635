import { elementOf, type RawDocument, requiredElement } from '#core';
import type { RestoreTarget } from '#ports';
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
}

/** Makes the backup's views that are missing, after the collections they show. Idempotent. */
export async function restoreViews({ vault, point, target, databases }: RestoreViewsOptions): Promise<RestoredViews> {
  const opened = await openPoint(vault, point);
  try {
    const { views } = opened.catalog;
    const result = {
      created: [] as string[],
      same: [] as string[],
      different: [] as string[],
      refused: [] as string[],
    };
    for (const [namespace, definition] of inOrder(views)) {
      if (!databases.includes(databaseOf(namespace))) continue;
      result[await restoreView(target, namespace, definition)].push(namespace);
    }
    return result;
  } finally {
    await opened.close();
  }
}

async function restoreView(
  target: RestoreTarget,
  namespace: string,
  definition: RawDocument,
): Promise<keyof RestoredViews> {
  const at = { database: databaseOf(namespace), name: collectionOf(namespace) };
  if (viewOn(definition).startsWith('system.buckets.')) return 'refused';
  const found = (await target.collections(at.database)).find(({ name }) => name === at.name);
  if (!found) {
    await target.createView(at, definition);
    return 'created';
  }
  if (found.kind !== 'view') return 'refused';
  const isSame = ['viewOn', 'pipeline', 'collation'].every((field) => {
    const [there, wanted] = [elementOf(found.options, field)?.bytes, elementOf(definition, field)?.bytes];
    // the server writes a collation out in full when it lists it
    return field === 'collation' ? (there === undefined) === (wanted === undefined) : there && wanted?.equals(there);
  });
  return isSame ? 'same' : 'different';
}

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
