import { hash } from 'node:crypto';
import { type RawDocument, Sha256 } from '#core';

/**
 * The hash of a collection, whatever the order of its documents: the sum of the SHA-256 of each document's bytes,
 * taken as eight big-endian 32-bit words, each modulo 2^32. Documents can be added and taken away again, parts can
 * be merged, and a document that is missing, doubled or has one other bit gives another sum.
 */
export class CollectionHash {
  readonly words = new Uint32Array(8);

  add(document: RawDocument): void {
    this.#sum(document, 1);
  }

  remove(document: RawDocument): void {
    this.#sum(document, -1);
  }

  merge(words: ArrayLike<number>): void {
    for (let word = 0; word < 8; word += 1) this.words[word] = (this.words[word] ?? 0) + (words[word] ?? 0);
  }

  digest(): Sha256 {
    return Sha256.parse(Array.from(this.words, (word) => word.toString(16).padStart(8, '0')).join(''));
  }

  #sum(document: RawDocument, sign: 1 | -1): void {
    // As a string: a Buffer for each of millions of digests costs more than the hashing.
    const digest = hash('sha256', document, 'binary');
    for (let word = 0; word < 8; word += 1) {
      const at = word * 4;
      const value =
        digest.charCodeAt(at) * 0x1000000 +
        ((digest.charCodeAt(at + 1) << 16) | (digest.charCodeAt(at + 2) << 8) | digest.charCodeAt(at + 3));
      this.words[word] = (this.words[word] ?? 0) + sign * value;
    }
  }
}
