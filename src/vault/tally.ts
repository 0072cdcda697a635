import { documentsOf } from '#core';
import { blocksOf } from './blocks.ts';
import { CollectionHash } from './collection-hash.ts';

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
    for (const document of documentsOf(block.documents)) {
      sum.documents += 1;
      sum.hash.add(document);
    }
  }
  return [...sums].map(([collection, { documents, bytes, hash }]) => ({
    collection,
    documents,
    bytes,
    words: hash.words,
  }));
}
