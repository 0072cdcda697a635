import { elementOf, type RawDocument, type RawValue, requiredElement, valueKey } from '#core';
import type { DocumentChange } from '#ports';
import { isDiff } from './fold-views.ts';
import { notReplayable, type OplogEntry } from './oplog-entry.ts';

interface Fate {
  readonly id: RawValue;
  /** Something was there before and must go first, or may have been. */
  removed: boolean;
  document: RawDocument | undefined;
  patches: RawDocument[];
}

/**
 * Gathers writes to one collection and gives them out as the fewest changes with the same effect: of each document,
 * what the last insert, replacement or delete left, and the diffs after it. Removals first, then documents in the
 * order of their insertion (which a capped collection keeps), then diffs.
 */
export class ChangeFold {
  #fates = new Map<string, Fate>();
  #size = 0;

  /** Operations since the last `take`. */
  get size(): number {
    return this.#size;
  }

  /** Takes an insert, update or delete. Throws NOT_REPLAYABLE (permanent) for an update it does not know. */
  push(entry: OplogEntry): void {
    this.#size += 1;
    const id = idOf(entry);
    const key = valueKey(id);
    const fate = this.#fates.get(key) ?? { id, removed: false, document: undefined, patches: [] };
    this.#fates.set(key, fate);
    if (entry.operation === 'u' && isDiff(entry)) {
      // a diff of what was just removed has nothing to change
      if (!fate.removed || fate.document) fate.patches.push(entry.body);
      return;
    }
    fate.patches = [];
    if (entry.operation === 'd') {
      fate.removed = true;
      fate.document = undefined;
      return;
    }
    fate.document = entry.body;
    if (entry.operation === 'i') {
      // to the end: this is where the collection has it
      this.#fates.delete(key);
      this.#fates.set(key, fate);
    }
  }

  /**
   * The changes so far; the fold is empty afterwards. Each of the three phases has to be over before the next: two `_id`s
   * that differ here may be one by the collection's collation. In a phase, lanes touch no document in common.
   */
  take(lanes: number): DocumentChange[][][] {
    const fates = [...this.#fates.values()];
    this.#fates = new Map();
    this.#size = 0;
    return [
      inLanesOf(fates, lanes, ({ id, removed }) => (removed ? [{ kind: 'remove', id }] : [])),
      inLanesOf(fates, lanes, ({ id, document }) => (document ? [{ kind: 'put', id, document }] : [])),
      inLanesOf(fates, lanes, ({ id, patches }) => patches.map((update) => ({ kind: 'patch', id, update }))),
    ];
  }
}

function inLanesOf(
  fates: readonly Fate[],
  lanes: number,
  changesOf: (fate: Fate) => DocumentChange[],
): DocumentChange[][] {
  const parts: DocumentChange[][] = Array.from({ length: lanes }, () => []);
  for (const [index, fate] of fates.entries()) parts[index % lanes]?.push(...changesOf(fate));
  return parts.filter((part) => part.length > 0);
}

/** The `_id` a write is about. */
export function idOf(entry: OplogEntry): RawValue {
  const holder = entry.operation === 'u' ? (entry.about ?? entry.body) : entry.body;
  const id = elementOf(holder, '_id');
  if (!id) throw notReplayable(entry, 'a write without an _id');
  return id;
}

/** The key of a document's `_id`. */
export const keyOfDocument = (document: RawDocument): string => valueKey(requiredElement(document, '_id'));
