import { z } from 'zod';
import { asDrError, DrError, Region } from '#core';
import type { KeyContext, ObjectLock } from '#ports';
import { type BackupPlace, DATA_KEY_BYTES, FORMAT, FORMAT_VERSION } from './format.ts';
import { keyGenerationKey, keyPrefix } from './object-keys.ts';
import type { Vault } from './vault.ts';

/** A key object, `keys/<key>/<generation>`. Rotation adds a generation; it never touches a manifest or a segment. */
const KeyFile = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  key: z.string(),
  generation: z.number().int().positive(),
  context: z.record(z.string(), z.string()),
  wraps: z.array(z.object({ region: Region, keyName: z.string(), wrapped: z.base64() })).min(1),
});
type KeyFile = z.output<typeof KeyFile>;

/** A backup's own AES-256 key. Its bytes exist in memory only, and are overwritten by `forget`. */
export interface DataKey {
  readonly name: string;
  readonly bytes: Buffer;
  forget(): void;
}

const contextOf = (name: string): KeyContext => ({ purpose: `${FORMAT} data key`, key: name });

const dataKey = (name: string, bytes: Buffer): DataKey => ({ name, bytes, forget: () => void bytes.fill(0) });

/**
 * Makes a backup's data key, wrapped by every region's key service, and writes the wraps to every region's bucket.
 * A dead region is left out; two wraps in two buckets are the least, or the loss of one region would lose the
 * backup. Throws KEY_REFUSED (permanent), or SERVICE_UNAVAILABLE (transient) when too few regions answer.
 */
export async function createDataKey(
  vault: Vault,
  place: BackupPlace,
  attempt: string,
  lock: ObjectLock,
): Promise<DataKey> {
  const name = `${place.year}-${place.backup}-${attempt}`;
  const context = contextOf(name);
  const key = dataKey(name, vault.random(DATA_KEY_BYTES));
  const wraps = await reached(vault.keys, async (service) => ({
    region: service.region,
    keyName: service.keyName,
    wrapped: (await service.wrap(key.bytes, context)).toString('base64'),
  }));
  const file: KeyFile = { format: FORMAT, version: FORMAT_VERSION, key: name, generation: 1, context, wraps };
  const object = Buffer.from(JSON.stringify(KeyFile.parse(file)), 'utf8');
  await reached(vault.stores, (store) => store.put(keyGenerationKey(name, 1), object, { lock, ifAbsent: true }));
  return key;
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
 * Unwraps a data key: newest generation first, any bucket that has the wraps, any region's key service that opens
 * one. Throws KEY_REFUSED (permanent) when none does and none is merely out of reach, else SERVICE_UNAVAILABLE.
 */
export async function openDataKey(vault: Vault, name: string): Promise<DataKey> {
  const failures: DrError[] = [];
  for (const store of vault.stores) {
    try {
      const generations: string[] = [];
      for await (const object of store.list(keyPrefix(name))) generations.unshift(object.key);
      for (const generation of generations) {
        const bytes = await unwrap(vault, name, await store.get(generation), failures);
        if (bytes) return dataKey(name, bytes);
      }
    } catch (error) {
      failures.push(asDrError(error));
    }
  }
  const transient = failures.some((failure) => failure.kind === 'transient');
  const cause = failures[0];
  throw transient
    ? new DrError('SERVICE_UNAVAILABLE', 'transient', 'No key service that is in reach opens the backup.', { cause })
    : new DrError('KEY_REFUSED', 'permanent', 'No key service opens the backup.', {
        cause,
        hint: 'Check that the role may use kms:Decrypt on a key named in the plan.',
        data: { failures: failures.map(({ code, message }) => ({ code, message })) },
      });
}

async function unwrap(vault: Vault, name: string, object: Buffer, failures: DrError[]): Promise<Buffer | undefined> {
  const file = KeyFile.safeParse(safeJson(object));
  if (!file.success) {
    failures.push(new DrError('BACKUP_DAMAGED', 'permanent', `The wraps of key ${name} can't be read.`));
    return undefined;
  }
  for (const { region, wrapped } of file.data.wraps) {
    for (const service of vault.keys.filter((candidate) => candidate.region === region)) {
      try {
        // the context is what the name says, not what the file says: a swapped file does not open
        return await service.unwrap(Buffer.from(wrapped, 'base64'), contextOf(name));
      } catch (error) {
        failures.push(asDrError(error));
      }
    }
  }
  return undefined;
}

function safeJson(object: Buffer): unknown {
  try {
    return JSON.parse(object.toString('utf8'));
  } catch {
    return undefined;
  }
}
