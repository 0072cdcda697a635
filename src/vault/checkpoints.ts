import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { asDrError, canonicalJson, DrError } from '#core';
import { type DataKey, dataKeyName, openWithDataKey } from './data-key.ts';
import { type BackupPlace, checkpointContext, MAX_PLAIN_BYTES, NONCE_BYTES } from './format.ts';
import { jsonIn } from './json-in.ts';
import { attemptsPrefix, checkpointIn, checkpointKey } from './object-keys.ts';
import { decrypt, encrypt } from './seal.ts';
import type { Vault } from './vault.ts';

/** A try at a backup that ended before its manifest, and said on its way how far it was. */
export interface InterruptedAttempt {
  readonly attempt: string;
  readonly key: DataKey;
  /** What each of its checkpoints says, in the order in which they were written. Authentic; its shape is not checked. */
  readonly checkpoints: readonly unknown[];
  /** The keys of all that it left in the home region. */
  readonly objects: ReadonlySet<string>;
}

/**
 * Writes a checkpoint of a try into the home region, sealed with its data key. No lock: it is worth nothing once the
 * backup is there, and goes when the attempt does. Throws TARGET_EXISTS (permanent) when another process is at the same
 * try, and OBJECT_STORE_*.
 */
export async function writeCheckpoint(
  vault: Vault,
  at: { readonly place: BackupPlace; readonly attempt: string; readonly number: number },
  content: unknown,
  key: DataKey,
): Promise<void> {
  const plain = zstdCompressSync(canonicalJson(content));
  const context = checkpointContext(at.place, at.attempt, at.number);
  const object = encrypt(plain, key.bytes, vault.random(NONCE_BYTES), context);
  await vault.stores[0].put(checkpointKey(at.place, at.attempt, at.number), object, { lock: 'none', ifAbsent: true });
}

/**
 * The interrupted tries at a backup that left checkpoints, opened. One of which a checkpoint is missing or damaged is left
 * out: nothing is worth going on with on a guess. The caller forgets the keys. Throws OBJECT_STORE_UNAVAILABLE and
 * SERVICE_UNAVAILABLE (transient).
 */
export async function openInterrupted(vault: Vault, place: BackupPlace): Promise<InterruptedAttempt[]> {
  const opened: InterruptedAttempt[] = [];
  try {
    for (const [attempt, objects] of await objectsLeft(vault, place)) {
      const one = await openAttempt(vault, place, attempt, objects);
      if (one) opened.push(one);
    }
    return opened;
  } catch (thrown) {
    for (const { key } of opened) key.forget();
    throw asDrError(thrown);
  }
}

/** The objects of each try in the home region. */
async function objectsLeft(vault: Vault, place: BackupPlace): Promise<Map<string, Set<string>>> {
  const prefix = attemptsPrefix(place);
  const objects = new Map<string, Set<string>>();
  for await (const { key } of vault.stores[0].list(prefix)) {
    const attempt = key.slice(prefix.length, key.lastIndexOf('/'));
    objects.set(attempt, (objects.get(attempt) ?? new Set()).add(key));
  }
  return objects;
}

async function openAttempt(
  vault: Vault,
  place: BackupPlace,
  attempt: string,
  objects: ReadonlySet<string>,
): Promise<InterruptedAttempt | undefined> {
  const keys = [...objects].filter((key) => checkpointIn(key) !== undefined).toSorted();
  const whole = keys.length > 0 && keys.every((key, index) => checkpointIn(key) === index + 1);
  if (!whole) return undefined;
  try {
    const sealed = await Promise.all(keys.map((key) => vault.stores[0].get(key)));
    return await openWithDataKey(vault, dataKeyName(place, attempt), (key) => ({
      attempt,
      key,
      objects,
      checkpoints: sealed.map((object, index) => decode(object, key, checkpointContext(place, attempt, index + 1))),
    }));
  } catch (thrown) {
    const error = asDrError(thrown);
    if (['BACKUP_DAMAGED', 'KEY_REFUSED', 'NOT_FOUND'].includes(error.code)) return undefined;
    throw error;
  }
}

function decode(object: Buffer, key: DataKey, context: Buffer): unknown {
  const compressed = decrypt(object, key.bytes, context);
  const content = jsonIn(zstdDecompressSync(compressed, { maxOutputLength: MAX_PLAIN_BYTES }));
  if (content !== undefined) return content;
  throw new DrError('BACKUP_DAMAGED', 'permanent', 'A checkpoint says nothing.');
}
