import {
  applyDiff,
  BsonType,
  documentOf,
  documentsOf,
  elementOf,
  elementsOf,
  type RawDocument,
  type RawValue,
  rawDocument,
  requiredElement,
  valueKey,
} from '#core';
import type { Namespace } from '#ports';
import { isSayable, orderedValue } from './ordered-value.ts';
import { rawCursor } from './raw-cursor.ts';
import type { WriteTo } from './raw-write.ts';

/** A `$v: 2` update of the oplog, and whose it is. */
export interface Patch {
  readonly id: RawValue;
  readonly update: RawDocument;
}

export interface SortedPatches {
  readonly plain: readonly Patch[];
  /** What becomes of documents in which a name is there twice, worked out here. */
  readonly documents: readonly { readonly id: RawValue; readonly document: RawDocument }[];
}

const BATCH_DOCUMENTS = 1000;

/**
 * Takes out what a server must not be asked: to apply an update to a document in which a name is there twice. It compares
 * the document before and after, and where the name is part of the change it ends itself (6.0.5: an invariant fails), and
 * everything that is live with it. So documents are looked at first. Throws what the driver throws.
 */
export async function sortPatches(to: WriteTo, at: Namespace, patches: readonly Patch[]): Promise<SortedPatches> {
  const byKey = new Map<string, RawDocument>();
  const ids = patches.map(({ id }) => id).filter((id) => isSayable(rawDocument([['_id', id]])));
  if (ids.length > 0) {
    const command = { find: at.name, filter: { _id: { $in: ids.map(orderedValue) } }, batchSize: BATCH_DOCUMENTS };
    const { client } = to;
    for await (const batch of rawCursor({ client, database: at.database, command, batchSize: BATCH_DOCUMENTS })) {
      for (const document of documentsOf(batch.documents)) {
        if (hasRepeatedNames(document)) byKey.set(keyOf(document), Buffer.from(document));
      }
    }
  }
  const plain: Patch[] = [];
  for (const patch of patches) {
    const key = valueKey(patch.id);
    const document = byKey.get(key);
    const diff = elementOf(patch.update, 'diff');
    if (document && diff) byKey.set(key, applyDiff(document, documentOf(diff)));
    else plain.push(patch);
  }
  const documents = [...byKey.values()].map((document) => ({ id: requiredElement(document, '_id'), document }));
  return { plain, documents };
}

const keyOf = (document: RawDocument): string => valueKey(requiredElement(document, '_id'));

/** Whether this name is there twice. */
export const isRepeated = (document: RawDocument, name: string): boolean =>
  [...elementsOf(document)].filter((element) => element.name === name).length > 1;

/** Whether a name is there twice, in the document or in any inside it. */
function hasRepeatedNames(document: RawDocument): boolean {
  const names = new Set<string>();
  for (const element of elementsOf(document)) {
    if (names.has(element.name)) return true;
    names.add(element.name);
    const isInner = element.type === BsonType.document || element.type === BsonType.array;
    if (isInner && hasRepeatedNames(element.bytes)) return true;
  }
  return false;
}
