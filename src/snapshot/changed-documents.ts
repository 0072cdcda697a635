import {
  documentOf,
  elementOf,
  elementsOf,
  type RawDocument,
  rawDocument,
  requiredElement,
  stringOf,
  uuidOf,
  valueKey,
} from '#core';

/** All a process holds of what changed; a collection that takes more is read whole, which is faster then anyway. */
const MOST_BYTES = 96 * 1024 * 1024;
/** Of a key and an `_id` in a Map, beside their own bytes. */
const OVERHEAD_BYTES = 200;

/** `_id`s (`{ _id: … }`) by their key, or that they became too many. */
export type Changed = ReadonlyMap<string, RawDocument> | 'many';

/**
 * Which documents the oplog says were written, by collection. Writes of transactions that were aborted count too: a
 * document that is read once more is the same one. Bounded: when the whole becomes too much, the collection with the most
 * is only remembered as one with many.
 */
export class ChangedDocuments {
  readonly #byCollection = new Map<string, Map<string, RawDocument> | 'many'>();
  readonly #bytes = new Map<string, number>();
  readonly #mostBytes: number;
  #total = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Takes an entry of the oplog, with the operations in it. */
  add(entry: RawDocument): void {
    const operation = stringOf(requiredElement(entry, 'op'));
    const body = documentOf(requiredElement(entry, 'o'));
    if (operation === 'c') {
      const inner = elementOf(body, 'applyOps');
      if (inner) for (const each of elementsOf(documentOf(inner))) this.add(documentOf(each));
    } else if (operation === 'i' || operation === 'u' || operation === 'd') {
      const about = operation === 'u' ? documentOf(requiredElement(entry, 'o2')) : body;
      this.#remember(uuidOf(requiredElement(entry, 'ui')), about);
    }
  }

  /** What was written to a collection; empty for one that nobody wrote to. */
  of(uuid: string): Changed {
    return this.#byCollection.get(uuid) ?? new Map();
  }

  #remember(uuid: string, about: RawDocument): void {
    const known = this.#byCollection.get(uuid) ?? new Map<string, RawDocument>();
    if (known === 'many') return;
    const id = requiredElement(about, '_id');
    const key = valueKey(id);
    if (known.has(key)) return;
    // a document of its own: the entry is part of a large batch that would stay in memory with it
    known.set(key, rawDocument([['_id', id]]));
    this.#byCollection.set(uuid, known);
    this.#count(uuid, key.length + id.bytes.length + OVERHEAD_BYTES);
    if (this.#total > this.#mostBytes) this.#forgetLargest();
  }

  #count(uuid: string, bytes: number): void {
    this.#bytes.set(uuid, (this.#bytes.get(uuid) ?? 0) + bytes);
    this.#total += bytes;
  }

  #forgetLargest(): void {
    const [largest] = [...this.#bytes].sort(([, a], [, b]) => b - a);
    if (!largest) return;
    const [uuid, bytes] = largest;
    this.#byCollection.set(uuid, 'many');
    this.#bytes.delete(uuid);
    this.#total -= bytes;
  }
}
