import { createCipheriv, createDecipheriv } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DrError } from '#core';
import { MAX_PLAIN_BYTES, NONCE_BYTES, SEGMENT_MAGIC, TAG_BYTES } from './format.ts';

const CIPHER = 'aes-256-gcm';

/**
 * zstd's fastest level: the backup's speed is the source's, and level 3 saved under a tenth more. Its tables and window are a
 * quarter of that level's own, so that they stay in a core's cache while the source runs beside it, and matches are six bytes
 * or more, of which BSON has plenty: a fifth less time, the same size (measured). Results come in pieces
 * of `chunkSize`; the default of 16 KiB costs five hundred of them, and a copy, for each segment. The checksum (XXH64 of
 * the plain bytes) is checked by whoever decompresses: it proves the compressor too.
 */
const COMPRESSION = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    [constants.ZSTD_c_checksumFlag]: 1,
    [constants.ZSTD_c_minMatch]: 6,
    [constants.ZSTD_c_hashLog]: 12,
    [constants.ZSTD_c_windowLog]: 18,
  },
  chunkSize: 4 * 1024 * 1024,
};

const DEFAULT_EXPECTED_BYTES = 9 * 1024 * 1024;

/**
 * Encrypts and authenticates; `context` is authenticated too. The nonce must be fresh: never one twice with a key.
 * `magic` is put in front. The result has memory of its own, so that it can be moved to another thread.
 */
export function encrypt(
  plain: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  context: Uint8Array,
  magic: Uint8Array = NO_MAGIC,
): Buffer<ArrayBuffer> {
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(context);
  const parts = [magic, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  const sealed = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    sealed.set(part, at);
    at += part.length;
  }
  return sealed;
}

const NO_MAGIC = new Uint8Array(0);

/** Takes off what `encrypt` put on. Throws BACKUP_DAMAGED (permanent) when a bit or the context differs. */
export function decrypt(sealed: Buffer, key: Uint8Array, context: Uint8Array): Buffer {
  const tagAt = sealed.length - TAG_BYTES;
  if (tagAt < NONCE_BYTES) throw new DrError('BACKUP_DAMAGED', 'permanent', 'An encrypted object is cut short.');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES)).setAAD(context);
  decipher.setAuthTag(sealed.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagAt)), decipher.final()]);
  } catch (cause) {
    throw new DrError('BACKUP_DAMAGED', 'permanent', 'An encrypted object does not authenticate.', { cause });
  }
}

/**
 * A segment's object: magic, nonce, zstd under AES-256-GCM, tag. It is not opened again here: a fault of memory,
 * compressor or cipher shows in `verifyBackup`, which opens what the bucket gives back, and no backup counts before.
 */
export const sealSegment = (
  plain: Buffer,
  key: Uint8Array,
  nonce: Uint8Array,
  context: Uint8Array,
): Buffer<ArrayBuffer> => encrypt(zstdCompressSync(plain, COMPRESSION), key, nonce, context, SEGMENT_MAGIC);

/**
 * What `sealSegment` was given; `expectedBytes` is about how much. Throws BACKUP_DAMAGED (permanent) for anything else
 * than its whole result.
 */
export function openSegment(
  sealed: Buffer,
  key: Uint8Array,
  context: Uint8Array,
  expectedBytes = DEFAULT_EXPECTED_BYTES,
): Buffer {
  if (!sealed.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)) {
    throw new DrError('BACKUP_DAMAGED', 'permanent', 'An object is not a segment.');
  }
  const compressed = decrypt(sealed.subarray(SEGMENT_MAGIC.length), key, context);
  try {
    const chunkSize = Math.min(Math.max(expectedBytes, 1024), MAX_PLAIN_BYTES);
    return zstdDecompressSync(compressed, { maxOutputLength: MAX_PLAIN_BYTES, chunkSize });
  } catch (cause) {
    throw new DrError('BACKUP_DAMAGED', 'permanent', 'A segment does not decompress.', { cause });
  }
}
