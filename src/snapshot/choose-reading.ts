import { elementOf } from '#core';
import type { SnapshotSource, SourceCollection } from '#ports';
import type { Manifest } from '#vault';
import type { ChangedDocuments } from './changed-documents.ts';
import type { ChangesOf } from './dump-changes.ts';

/** What is read whole, and what only where it changed. */
export interface ChosenReading {
  readonly whole: readonly SourceCollection[];
  readonly changes: readonly ChangesOf[];
}

/**
 * How each collection is read when its backup stands on another. Whole: what the parent does not have (made since, or
 * renamed from another database), what changed in a large part, capped collections, whose order is part of them, and what
 * has an `_id` that can't be asked for. Pure.
 */
export function chooseReading(
  collections: readonly SourceCollection[],
  parent: Manifest,
  changed: ChangedDocuments,
  { wholeFrom, canAskFor }: { readonly wholeFrom: number; readonly canAskFor: SnapshotSource['canAskFor'] },
): ChosenReading {
  const known = new Set(parent.body.collections.map(({ uuid }) => uuid));
  const whole: SourceCollection[] = [];
  const changes: ChangesOf[] = [];
  for (const collection of collections) {
    const ids = known.has(collection.uuid) ? idsOf(collection, changed, wholeFrom) : undefined;
    if (ids?.every((id) => canAskFor(collection, id))) changes.push({ collection, ids });
    else whole.push(collection);
  }
  return { whole, changes };
}

function idsOf(
  collection: SourceCollection,
  changed: ChangedDocuments,
  wholeFrom: number,
): ChangesOf['ids'] | undefined {
  const found = changed.of(collection.uuid);
  if (found === 'many' || elementOf(collection.options, 'capped')) return undefined;
  return found.size > collection.estimate.documents * wholeFrom ? undefined : [...found.values()];
}
