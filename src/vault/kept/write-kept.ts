import { zstdCompressSync } from 'node:zlib';
import { asDrError, sha256 } from '#core';
import type { ObjectLock } from '#ports';
import { commitCaptured } from '../captured/commit-captured.ts';
import { createNamedKey } from '../data-key.ts';
import { FORMAT, FORMAT_VERSION, NONCE_BYTES } from '../format.ts';
import { KEPT_KEYS } from '../object-keys.ts';
import { encrypt } from '../seal.ts';
import type { Vault } from '../vault.ts';
import { commitKey, encodeCommit, type KeptHeader, partContext, partKey } from './kept-format.ts';
import { hasKept } from './read-kept.ts';

export interface KeptWriting {
  /** Ends with `/`; a folder is written once and never changed. */
  readonly folder: string;
  readonly lock: ObjectLock;
  readonly signal: AbortSignal;
  /** Gives out its parts one by one and returns what the folder says of itself, as JSON can say it. */
  write(part: (bytes: Uint8Array) => Promise<void>): Promise<unknown>;
}

/**
 * Keeps something in every region that takes it, and in two at least where there are two: sealed with a key of its own,
 * its last object is what makes it be there. Idempotent: a folder that is there is left as it is, and what a killed try
 * left of one counts for nothing. Returns whether this call wrote it. Throws BACKUP_INCOMPLETE, KEY_REFUSED, transient
 * errors of the regions, and what `write` throws.
 */
export async function writeKept(vault: Vault, { folder, lock, signal, write }: KeptWriting): Promise<boolean> {
  if (await hasKept(vault, folder)) return false;
  const needed = Math.min(2, vault.stores.length);
  const attempt = vault.random(6).toString('hex');
  const key = await createNamedKey(vault, `${KEPT_KEYS}${folder.slice(0, -1).replaceAll('/', '-')}-${attempt}`, lock);
  try {
    const parts: KeptHeader['parts'] = [];
    const content = await write(async (bytes) => {
      signal.throwIfAborted();
      const name = partKey(folder, attempt, parts.length + 1);
      const object = encrypt(zstdCompressSync(bytes), key.bytes, vault.random(NONCE_BYTES), partContext(name));
      await commitCaptured(vault.stores, needed, { key: name, object, lock });
      parts.push({ key: name, sha256: sha256(object), bytes: bytes.length });
    });
    signal.throwIfAborted();
    const header: KeptHeader = { format: FORMAT, version: FORMAT_VERSION, folder, key: key.name, parts };
    const object = encodeCommit(header, content, key, vault.random(NONCE_BYTES));
    return await commit(vault, folder, { key: commitKey(folder), object, lock });
  } finally {
    key.forget();
  }
}

/** Another process that was faster wrote the same: nothing of ours is missed then. */
async function commit(
  vault: Vault,
  folder: string,
  object: { readonly key: string; readonly object: Buffer; readonly lock: ObjectLock },
): Promise<boolean> {
  try {
    await commitCaptured(vault.stores, Math.min(2, vault.stores.length), object);
    return true;
  } catch (thrown) {
    if (asDrError(thrown).code === 'BACKUP_INCOMPLETE' && (await hasKept(vault, folder))) return false;
    throw thrown;
  }
}
