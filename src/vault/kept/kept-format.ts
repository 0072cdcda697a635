import { z } from 'zod';
import { canonicalJson, DrError, type RequestId, Sha256 } from '#core';
import { type DataKey, openWithDataKey } from '../data-key.ts';
import { FORMAT, FORMAT_VERSION, NONCE_BYTES } from '../format.ts';
import { jsonIn } from '../json-in.ts';
import { decrypt, encrypt } from '../seal.ts';
import type { Vault } from '../vault.ts';

/** What is kept of the loss of a region, each in a folder: what was seen of it may be the only copy there is. */
export const KEPT = { tails: 'tails/', divergent: 'divergent/', receipts: 'receipts/' } as const;

/** `divergent/R-43/east-1_27017/entries`. Names from outside lose what a key may not have. */
export const keptFolder = (area: keyof typeof KEPT, run: RequestId, ...names: readonly string[]): string =>
  `${KEPT[area]}${[run, ...names.map((name) => name.replace(/[^A-Za-z0-9._-]/g, '_'))].join('/')}/`;

export const commitKey = (folder: string): string => `${folder}commit`;

export const partKey = (folder: string, attempt: string, index: number): string =>
  `${folder}${attempt}/${String(index).padStart(6, '0')}`;

/** In front of a folder's commit, readable: which key opens it, which parts belong to it. Authenticated with the rest. */
const KeptHeader = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  folder: z.string(),
  key: z.string(),
  parts: z.array(z.object({ key: z.string(), sha256: Sha256, bytes: z.number().int() })),
});
export type KeptHeader = z.output<typeof KeptHeader>;

const MAGIC = Buffer.from('HFK1', 'latin1');
const PREFIX_BYTES = MAGIC.length + 4;

/** A part's encryption is bound to its own name: another part, or one of another folder, does not open in its place. */
export const partContext = (key: string): Buffer => Buffer.from(`${FORMAT}/${FORMAT_VERSION}|kept|${key}`, 'latin1');

/** The object by which a folder exists: magic, length of the header, header (JSON), nonce, content (JSON, sealed), tag. */
export function encodeCommit(header: KeptHeader, content: unknown, key: DataKey, nonce: Uint8Array): Buffer {
  const json = Buffer.from(canonicalJson(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const front = Buffer.concat([MAGIC, length, json]);
  return Buffer.concat([front, encrypt(Buffer.from(canonicalJson(content), 'utf8'), key.bytes, nonce, front)]);
}

/**
 * Opens a commit with its data key, which the caller forgets. Throws BACKUP_DAMAGED (permanent) for one that is not whole or
 * stands in another folder's place, KEY_REFUSED and transient errors as every opening does.
 */
export async function openCommit(
  vault: Vault,
  folder: string,
  object: Buffer,
): Promise<{ readonly header: KeptHeader; readonly content: unknown; readonly key: DataKey }> {
  const end = object.length < PREFIX_BYTES ? 0 : PREFIX_BYTES + object.readUInt32LE(MAGIC.length);
  if (!object.subarray(0, MAGIC.length).equals(MAGIC) || end > object.length - NONCE_BYTES) throw damaged(folder);
  const header = KeptHeader.safeParse(jsonIn(object.subarray(PREFIX_BYTES, end)));
  if (!header.success || header.data.folder !== folder) throw damaged(folder);
  return openWithDataKey(vault, header.data.key, (key) => {
    const plain = decrypt(object.subarray(end), key.bytes, object.subarray(0, end));
    return { header: header.data, content: jsonIn(plain), key };
  });
}

export const damaged = (folder: string): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', `What is kept under ${folder} is not whole.`, { data: { folder } });
