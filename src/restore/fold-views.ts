import {
  applyDiff,
  documentOf,
  elementOf,
  elementsOf,
  type RawDocument,
  type RawField,
  rawDocument,
  requiredElement,
  stringOf,
} from '#core';
import { notReplayable, type OplogEntry } from './oplog-entry.ts';

/** The namespace of the view that a write to `system.views` is about. */
export const viewIn = (entry: OplogEntry): string => stringOf(requiredElement(entry.about ?? entry.body, '_id'));

/** Views are documents of `system.views`: creating, changing and dropping one is an ordinary write there. */
export function foldViews(views: Map<string, RawDocument>, entry: OplogEntry): void {
  const namespace = viewIn(entry);
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
  return idFirst(entry.body);
}

/** As a replacement is stored: the oplog has it as it was sent, and the server puts `_id` in front. */
function idFirst(document: RawDocument): RawDocument {
  const fields = [...elementsOf(document)];
  const at = fields.findIndex(({ name }) => name === '_id');
  if (at <= 0) return document;
  const [id] = fields.splice(at, 1);
  return rawDocument([...(id ? [id] : []), ...fields].map((element): RawField => [element.name, element]));
}

/** Whether an update is a diff; the other kind, a whole document, has an `_id`. */
export function isDiff(entry: OplogEntry): boolean {
  const version = elementOf(entry.body, '$v');
  if (!version) return false;
  if (elementOf(entry.body, 'diff') && version.bytes.readInt32LE(0) === 2) return true;
  throw notReplayable(entry, 'its updates have the form of a server older than 5.0');
}
