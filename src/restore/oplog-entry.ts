import { DrError, documentOf, elementOf, elementsOf, type RawDocument, requiredElement, stringOf, uuidOf } from '#core';
import { formatOplogTime, type OplogTime } from '#ports';
import { entryTime } from '#vault';

/** An entry of the oplog, or one operation of a transaction in it, as far as a replay needs it. */
export interface OplogEntry {
  /** Of the entry; for an operation of a transaction, of the entry that committed it. */
  readonly at: OplogTime;
  readonly operation: string;
  readonly namespace: string;
  /** Of the collection it is about; absent for a few commands. */
  readonly uuid: string | undefined;
  readonly body: RawDocument;
  /** For an update, the `_id` it is about. */
  readonly about: RawDocument | undefined;
  readonly raw: RawDocument;
}

export function parseEntry(raw: RawDocument): OplogEntry {
  return parseOperation(raw, entryTime(raw));
}

/** Operations inside `applyOps` have no time of their own. */
export function parseOperation(raw: RawDocument, at: OplogTime): OplogEntry {
  const uuid = elementOf(raw, 'ui');
  const about = elementOf(raw, 'o2');
  return {
    at,
    operation: stringOf(requiredElement(raw, 'op')),
    namespace: stringOf(requiredElement(raw, 'ns')),
    uuid: uuid && uuidOf(uuid),
    body: documentOf(requiredElement(raw, 'o')),
    about: about && documentOf(about),
    raw,
  };
}

/** The command's name: the first field of its body. */
export function commandName(entry: OplogEntry): string {
  const [first] = elementsOf(entry.body);
  return first?.name ?? '';
}

export const databaseOf = (namespace: string): string => namespace.slice(0, namespace.indexOf('.'));
export const collectionOf = (namespace: string): string => namespace.slice(namespace.indexOf('.') + 1);

/** Stops a replay at the entry it does not understand: guessing would restore something else than was there. */
export const notReplayable = (entry: OplogEntry, why: string): DrError =>
  new DrError('NOT_REPLAYABLE', 'permanent', `The oplog can't be replayed at ${formatOplogTime(entry.at)}: ${why}.`, {
    hint: 'Restore another backup: /dr backups',
    data: { at: formatOplogTime(entry.at), namespace: entry.namespace, operation: entry.operation },
  });
