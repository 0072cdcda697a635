import { applyDiff, documentOf, elementOf, type RawDocument, requiredElement, stringOf } from '#core';
import { notReplayable, type OplogEntry } from './oplog-entry.ts';

/** Views are documents of `system.views`: creating, changing and dropping one is an ordinary write there. */
export function foldViews(views: Map<string, RawDocument>, entry: OplogEntry): void {
  const namespace = stringOf(requiredElement(entry.about ?? entry.body, '_id'));
  if (entry.operation === 'i') views.set(namespace, entry.body);
  else if (entry.operation === 'd') views.delete(namespace);
  else if (entry.operation === 'u') {
    const before = views.get(namespace);
    if (before) views.set(namespace, updated(entry, before));
  } else throw notReplayable(entry, `operation "${entry.operation}" on a view is not known`);
}

/** The document after an update of the oplog: a `$v: 2` diff, or all of it. Throws NOT_REPLAYABLE (permanent). */
export function updated(entry: OplogEntry, before: RawDocument): RawDocument {
  const diff = elementOf(entry.body, 'diff');
  if (isDiff(entry) && diff) return applyDiff(before, documentOf(diff));
  return entry.body;
}

/** Whether an update is a diff; the other kind, a whole document, has an `_id`. */
export function isDiff(entry: OplogEntry): boolean {
  const version = elementOf(entry.body, '$v');
  if (!version) return false;
  if (elementOf(entry.body, 'diff') && version.bytes.readInt32LE(0) === 2) return true;
  throw notReplayable(entry, 'its updates have the form of a server older than 5.0');
}
