import { asDrError, DrError } from '#core';
import type { KeyService, ObjectLock } from '#ports';
import { isBadWrap } from './bad-wrap.ts';
import { isDamage } from './first-good.ts';
import { type BackupPlace, DATA_KEY_BYTES, FORMAT, FORMAT_VERSION } from './format.ts';
import { contextOf, decodeKeyFile, encodeKeyFile, type Wrap } from './key-file.ts';
import { keyGenerationKey, keyPrefix } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** A backup's own AES-256 key. Its bytes exist in memory only, and are overwritten by `forget`. */
export interface DataKey {
  readonly name: string;
  readonly bytes: Buffer;
  forget(): void;
}

/** A key from its bytes, which it takes over. */
export const dataKey = (name: string, bytes: Buffer): DataKey => ({ name, bytes, forget: () => void bytes.fill(0) });

/** The name of the data key of one try at a backup. */
export const dataKeyName = ({ year, backup }: BackupPlace, attempt: string): string => `${year}-${backup}-${attempt}`;

/** Makes a backup's data key, as `createNamedKey` does. */
export const createDataKey = (vault: Vault, place: BackupPlace, attempt: string, lock: ObjectLock): Promise<DataKey> =>
  createNamedKey(vault, dataKeyName(place, attempt), lock);

/**
 * Makes a data key, wrapped by every region's key service, and writes the wraps to every region's bucket. A dead region
 * is left out; two wraps in two buckets are the least, or the loss of one region would lose what the key opens. Throws
 * KEY_REFUSED (permanent), or SERVICE_UNAVAILABLE (transient) when too few regions answer.
 */
export async function createNamedKey(vault: Vault, name: string, lock: ObjectLock): Promise<DataKey> {
  const key = dataKey(name, vault.random(DATA_KEY_BYTES));
  try {
    const object = encodeKeyFile({
      format: FORMAT,
      version: FORMAT_VERSION,
      key: name,
      generation: 1,
      madeAt: vault.clock.now().toISOString(),
      context: { ...contextOf(name) },
      wraps: await reached(vault.keys, (service) => wrapWith(service, key)),
    });
    await reached(vault.stores, (store) => store.put(keyGenerationKey(name, 1), object, { lock, ifAbsent: true }));
    return key;
  } catch (thrown) {
    key.forget();
    throw thrown;
  }
}

/** A key's wrap by one region's key service. Throws as the service does. */
export async function wrapWith(service: KeyService, { name, bytes }: DataKey): Promise<Wrap> {
  const { wrapped, keyName } = await service.wrap(bytes, contextOf(name));
  return { region: service.region, keyName, wrapped: wrapped.toString('base64') };
}

/** Does it in every region; throws the first failure when fewer than two (or all, if there are fewer) succeeded. */
async function reached<P, R>(parts: readonly P[], work: (part: P) => Promise<R>): Promise<R[]> {
  const results = await Promise.allSettled(parts.map(work));
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed && done.length < Math.min(2, parts.length)) throw asDrError(failed.reason);
  return done;
}

/**
 * Opens something with a backup's data key. Every key that any bucket's wraps give through any region's key service is
 * tried, newest generation first, until `open` does not throw BACKUP_DAMAGED: whoever may write into a bucket could
 * otherwise shut a backup for good with a newer generation of another key. The key is forgotten unless it opened.
 * Throws SERVICE_UNAVAILABLE (transient) while a bucket or key service that may help is out of reach, what `open` threw
 * when no key was the right one, KEY_REFUSED (permanent) when there was none to try.
 */
export async function openWithDataKey<T>(vault: Vault, name: string, open: (key: DataKey) => T): Promise<T> {
  const failures: DrError[] = [];
  let misfit: DrError | undefined;
  for await (const bytes of keysOf(vault, name, failures)) {
    const key = dataKey(name, bytes);
    try {
      return open(key);
    } catch (thrown) {
      key.forget();
      const error = asDrError(thrown);
      if (error.code !== 'BACKUP_DAMAGED') throw error;
      misfit = error;
    }
  }
  const transient = failures.some((failure) => failure.kind === 'transient');
  const cause = failures[0];
  if (transient) {
    throw new DrError('SERVICE_UNAVAILABLE', 'transient', 'No key service that is in reach opens the backup.', {
      cause,
    });
  }
  throw (
    misfit ??
    new DrError('KEY_REFUSED', 'permanent', 'No key service opens the backup.', {
      cause,
      hint: 'Check that the role may use kms:Decrypt on a key named in the plan.',
      data: {
        failures: failures.map(({ code, message }) => ({ code, message })),
        // every copy of its wraps was read, and none is whole: not a matter of rights
        isLost: failures.every((failure) => isBadWrap(failure) || isDamage(failure)),
      },
    })
  );
}

/**
 * The key's bytes by every wrap that opens, newest generation first; the same wrap in another bucket is not asked about
 * again. What went wrong goes to `failures`. Whoever takes bytes out of it overwrites them.
 */
export async function* keysOf(vault: Vault, name: string, failures: DrError[]): AsyncGenerator<Buffer> {
  const asked = new Set<string>();
  for (const store of vault.stores) {
    try {
      const generations: string[] = [];
      for await (const object of store.list(keyPrefix(name))) generations.unshift(object.key);
      for (const generation of generations) {
        for (const wrap of wrapsIn(await store.get(generation), name, failures)) {
          if (asked.has(wrap.wrapped)) continue;
          asked.add(wrap.wrapped);
          yield* unwrapped(vault, name, wrap, failures);
        }
      }
    } catch (error) {
      failures.push(asDrError(error));
    }
  }
}

function wrapsIn(object: Buffer, name: string, failures: DrError[]): readonly Wrap[] {
  try {
    return decodeKeyFile(object, name).wraps;
  } catch (thrown) {
    failures.push(asDrError(thrown));
    return [];
  }
}

async function* unwrapped(
  vault: Vault,
  name: string,
  { region, wrapped }: Wrap,
  failures: DrError[],
): AsyncGenerator<Buffer> {
  for (const service of vault.keys.filter((candidate) => candidate.region === region)) {
    try {
      // the context is what the name says, not what the file says: a swapped file does not open
      yield await service.unwrap(Buffer.from(wrapped, 'base64'), contextOf(name));
    } catch (error) {
      failures.push(asDrError(error));
    }
  }
}
