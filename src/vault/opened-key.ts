import { timingSafeEqual } from 'node:crypto';
import { asDrError, DrError } from '#core';
import type { ObjectLock } from '#ports';
import { type DataKey, dataKey, keysOf } from './data-key.ts';
import type { KeyUse } from './list-keys.ts';
import { longestLock } from './longest-lock.ts';
import { decodeManifest } from './manifest-file.ts';
import { keyPrefix, manifestKey } from './object-keys.ts';
import { openManifest } from './open-backup.ts';
import type { Vault } from './vault.ts';

/** A data key in hand that is known to be the right one. */
export interface OpenedKey {
  readonly key: DataKey;
  /** Throws BACKUP_DAMAGED (permanent) for bytes that do not open what the key is there for. */
  proves(bytes: Buffer): void;
  /** How long what the key opens is locked; `none` when no lock holds any more. */
  readonly lock: ObjectLock | 'none';
  /** Forgets the key. */
  close(): void;
}

/**
 * Opens a data key through whichever region can, and proves it: a backup's by its manifest, so that a planted one is
 * passed over. Nothing that only a captured hour has is read here, so of its key all wraps must agree. Throws
 * BACKUP_DAMAGED (permanent) when no key, or more than one, is the right one, KEY_REFUSED (permanent), or a transient
 * error while a region that may help is out of reach.
 */
export async function openKey(vault: Vault, use: KeyUse): Promise<OpenedKey> {
  if (use.kind === 'capture') return openByAgreement(vault, use.key);
  const { manifest, key, object } = await openManifest(vault, use);
  return withLock(key, async () => {
    const { lock } = manifest.header;
    const promised: ObjectLock = { mode: lock.mode, until: new Date(lock.until) };
    return {
      key,
      proves: (bytes) => void decodeManifest(object, bytes),
      lock: await longestLock(vault, [manifestKey(use)], keyPrefix(key.name), [promised]),
      close: () => key.forget(),
    };
  });
}

async function openByAgreement(vault: Vault, name: string): Promise<OpenedKey> {
  const key = await agreedKey(vault, name);
  return withLock(key, async () => ({
    key,
    proves: (bytes) => {
      if (!same(bytes, key.bytes))
        throw new DrError('BACKUP_DAMAGED', 'permanent', `That is another key than ${name}.`);
    },
    lock: await longestLock(vault, [], keyPrefix(name), []),
    close: () => key.forget(),
  }));
}

async function agreedKey(vault: Vault, name: string): Promise<DataKey> {
  const failures: DrError[] = [];
  let key: DataKey | undefined;
  try {
    for await (const bytes of keysOf(vault, name, failures)) {
      if (!key) {
        key = dataKey(name, bytes);
        continue;
      }
      const agrees = same(bytes, key.bytes);
      bytes.fill(0);
      if (agrees) continue;
      throw new DrError('BACKUP_DAMAGED', 'permanent', `The wraps of ${name} hold different keys.`, {
        hint: 'Somebody wrote one of them who should not have. Nothing was written. See who may write into the buckets.',
      });
    }
  } catch (thrown) {
    key?.forget();
    throw thrown;
  }
  if (key) return key;
  throw failures.find(({ kind }) => kind === 'transient') ?? failures[0] ?? nothingThere(name);
}

const nothingThere = (name: string): DrError =>
  new DrError('KEY_REFUSED', 'permanent', `No region's bucket has a wrap of ${name}.`);

/** Whether two keys are the same, in a time that does not tell how much of them is. */
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Whatever is asked after a key was opened may fail: the key is forgotten then. */
async function withLock(key: DataKey, make: () => Promise<OpenedKey>): Promise<OpenedKey> {
  try {
    return await make();
  } catch (thrown) {
    key.forget();
    throw asDrError(thrown);
  }
}
