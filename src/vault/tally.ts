import { lengthAt } from '#core';
import { blocksOf } from './blocks.ts';
import { CollectionHash, viewOf } from './collection-hash.ts';

/** What a documents segment holds of one collection. Plain data: it travels between threads. */
export interface Tally {
  readonly collection: number;
  readonly documents: number;
  readonly bytes: number;
  readonly words: Uint32Array;
}

/** Counts and hashes every document of a documents segment, by collection. */
export function tallyOf(plain: Buffer): Tally[] {
  const sums = new Map<number, { documents: number; bytes: number; hash: CollectionHash }>();
  for (const block of blocksOf(plain)) {
    const sum = sums.get(block.collection) ?? { documents: 0, bytes: 0, hash: new CollectionHash() };
    sums.set(block.collection, sum);
    sum.bytes += block.documents.length;
    const view = viewOf(block.documents);
    for (let at = 0; at < block.documents.length; ) {
      const end = at + lengthAt(block.documents, at);
      sum.documents += 1;
      sum.hash.addIn(view, at, end);
      at = end;
    }
  }
  return [...sums].map(([collection, { documents, bytes, hash }]) => ({
    collection,
    documents,
    bytes,
    words: hash.words,
  }));
}
