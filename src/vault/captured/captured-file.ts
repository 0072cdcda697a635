import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { canonicalJson, DrError, Sha256 } from '#core';
import { OplogTime } from '#ports';
import { FORMAT, FORMAT_VERSION, MAX_PLAIN_BYTES, NONCE_BYTES } from '../format.ts';
import { jsonIn } from '../json-in.ts';
import { decrypt, encrypt } from '../seal.ts';

const MAGIC = Buffer.from('HFC1', 'latin1');
const PREFIX_BYTES = MAGIC.length + 4;

/** Why a timeline begins where it does, and not at the end of the one before. */
export const TimelineBeginning = z.object({
  /**
   * `first`: capture was switched on. `gap`: the oplog no longer reached back to what was captured last. `swap`: restored
   * data was swapped in, whose writes the oplog does not have. `diverged`: the servers' history is another one.
   */
  reason: z.enum(['first', 'gap', 'swap', 'diverged']),
  /** Where the timeline before ended, if there is one. */
  after: OplogTime.optional(),
});
export type TimelineBeginning = z.output<typeof TimelineBeginning>;

/** What anyone who may read the bucket can read: which time, nothing of what was written. */
export const CapturedHeader = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  timeline: z.number().int().positive(),
  token: z.number().int().nonnegative(),
  /** Names the data key's wraps, `keys/<key>/`. */
  key: z.string(),
  from: OplogTime,
  through: OplogTime,
  entries: z.number().int().nonnegative(),
  plainBytes: z.number().int().nonnegative(),
  /** SHA-256 of the object before it, so that none can be left out; null at a timeline's beginning. */
  previous: Sha256.nullable(),
  begins: TimelineBeginning.optional(),
  /** Of an archive: SHA-256 of the last of the segments it was made from, which its successor names as `previous`. */
  last: Sha256.optional(),
});
export type CapturedHeader = z.output<typeof CapturedHeader>;

/**
 * A captured segment's object: magic, length of the header, header (JSON, readable), nonce, entries (zstd under
 * AES-256-GCM), tag. All that stands before the nonce is authenticated with the entries.
 */
export function encodeCaptured(header: CapturedHeader, entries: Buffer, key: Uint8Array, nonce: Uint8Array): Buffer {
  const json = Buffer.from(canonicalJson(CapturedHeader.parse(header)), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const front = Buffer.concat([MAGIC, length, json]);
  return Buffer.concat([front, encrypt(zstdCompressSync(entries), key, nonce, front)]);
}

/** The header alone, not authenticated. Throws BACKUP_DAMAGED or FORMAT_TOO_NEW (permanent). */
export function decodeCapturedHeader(object: Buffer): CapturedHeader {
  const end = object.length < PREFIX_BYTES ? 0 : PREFIX_BYTES + object.readUInt32LE(MAGIC.length);
  if (!object.subarray(0, MAGIC.length).equals(MAGIC) || end > object.length - NONCE_BYTES) throw damaged();
  const json = jsonIn(object.subarray(PREFIX_BYTES, end));
  const version = z.object({ version: z.number() }).safeParse(json);
  if (version.success && version.data.version > FORMAT_VERSION) {
    throw new DrError('FORMAT_TOO_NEW', 'permanent', `Captured in format ${version.data.version}, a newer one.`, {
      hint: 'Restore it with the Holdfast version that made it, or a newer one.',
    });
  }
  const header = CapturedHeader.safeParse(json);
  if (!header.success) throw damaged(header.error);
  return header.data;
}

/** Header and entries, every byte authenticated. Throws as `decodeCapturedHeader` does. */
export function decodeCaptured(object: Buffer, key: Uint8Array): { header: CapturedHeader; entries: Buffer } {
  const header = decodeCapturedHeader(object);
  const front = object.subarray(0, PREFIX_BYTES + object.readUInt32LE(MAGIC.length));
  const compressed = decrypt(object.subarray(front.length), key, front);
  const entries = decompress(compressed);
  if (entries.length !== header.plainBytes) throw damaged();
  return { header, entries };
}

function decompress(compressed: Buffer): Buffer {
  try {
    return zstdDecompressSync(compressed, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch (cause) {
    throw damaged(cause);
  }
}

const damaged = (cause?: unknown): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', 'A captured segment is not whole.', { cause });
