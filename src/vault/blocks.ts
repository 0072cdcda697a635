import { DrError } from '#core';

/** In a documents segment: collection number and length (32-bit, little-endian), then that many bytes of documents. */
export const BLOCK_HEADER_BYTES = 8;

export interface Block {
  readonly collection: number;
  readonly documents: Buffer;
}

/** Writes a block's header; its documents follow it. */
export function writeBlockHeader(into: Buffer, at: number, collection: number, length: number): void {
  into.writeUInt32LE(collection, at);
  into.writeUInt32LE(length, at + 4);
}

/** The blocks of a documents segment, as views. Throws BACKUP_DAMAGED (permanent) when a length does not fit. */
export function* blocksOf(plain: Buffer): Generator<Block> {
  let at = 0;
  while (at < plain.length) {
    const start = at + BLOCK_HEADER_BYTES;
    const end = start <= plain.length ? start + plain.readUInt32LE(at + 4) : Number.POSITIVE_INFINITY;
    if (end > plain.length)
      throw new DrError('BACKUP_DAMAGED', 'permanent', 'A segment has a block that is cut short.');
    yield { collection: plain.readUInt32LE(at), documents: plain.subarray(start, end) };
    at = end;
  }
}
