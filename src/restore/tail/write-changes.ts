import { type RawDocument, type RawValue, requiredElement, valueKey } from '#core';
import type { TailTarget } from '#ports';
import { ChangeFold, idOf, keyOfDocument } from '../fold-changes.ts';
import { isDiff, updated } from '../fold-views.ts';
import type { OplogEntry } from '../oplog-entry.ts';
import type { CollectionThere } from './collections-there.ts';

/** Changes to a collection that go to the server at once; order counts in a capped one. */
const LANES = 3;
/** Documents that one transaction replaces: it has to end within a minute. */
const TOGETHER = 1_000;

/**
 * Brings writes to one collection, in the order in which they took effect. Doing it again, also over what a killed try did of
 * it, comes to the same: the server takes the oplog's own updates, and those may be taken twice in a row.
 */
export async function writeChanges(
  target: TailTarget,
  at: CollectionThere,
  writes: readonly OplogEntry[],
): Promise<void> {
  if (at.unique && !at.capped) {
    for (let from = 0; from < writes.length; from += TOGETHER) {
      await replaceTogether(target, at, writes.slice(from, from + TOGETHER));
    }
    return;
  }
  const fold = new ChangeFold();
  for (const write of writes) fold.push(write);
  for (const lanes of fold.take(at.capped ? 1 : LANES)) {
    const results = await Promise.allSettled(lanes.map((lane) => target.apply(at, lane)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/**
 * With a unique index two documents may have changed values with each other, and no order of single writes that a fold leaves
 * is safe. What the writes come to is worked out here, and put there in one transaction.
 */
async function replaceTogether(target: TailTarget, at: CollectionThere, writes: readonly OplogEntry[]): Promise<void> {
  const ids = new Map<string, RawValue>();
  for (const write of writes) ids.set(valueKey(idOf(write)), idOf(write));
  const documents = new Map<string, RawDocument>();
  for (const document of await target.byIds(at, [...ids.values()])) documents.set(keyOfDocument(document), document);
  const before = new Map(documents);
  for (const write of writes) {
    const key = valueKey(idOf(write));
    const there = documents.get(key);
    if (write.operation === 'i') documents.set(key, write.body);
    else if (write.operation === 'd') documents.delete(key);
    else if (there) documents.set(key, updated(write, there));
    // an update that has the whole document makes it where it is not there; a diff of nothing is nothing
    else if (!isDiff(write)) documents.set(key, updated(write, write.body));
  }
  const changed = [...ids].filter(([key]) => !isSame(before.get(key), documents.get(key)));
  if (changed.length === 0) return;
  const gone = changed.flatMap(([key, id]) => (before.has(key) ? [idThere(before.get(key), id)] : []));
  const come = changed.flatMap(([key]) => documents.get(key) ?? []);
  await target.replaceTogether(at, gone, come);
}

const idThere = (document: RawDocument | undefined, id: RawValue): RawValue =>
  document ? requiredElement(document, '_id') : id;

const isSame = (one: RawDocument | undefined, other: RawDocument | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && one.equals(other));
