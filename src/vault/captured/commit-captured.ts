import { asDrError, DrError, type Region, sha256 } from '#core';
import type { ObjectLock, ObjectStore } from '#ports';
import { isUnavailable, type Vault } from '../vault.ts';
import { hourPrefix, keysPrefix, SEGMENTS } from './captured-range.ts';

export interface CapturedObject {
  readonly key: string;
  readonly object: Buffer;
  readonly lock: ObjectLock;
}

/**
 * Gives an object to every store of `stores` and returns once `needed` regions have it, which ones: that is when it is
 * durable. The others go on meanwhile. Idempotent: a region that has it already counts. Throws BACKUP_INCOMPLETE (transient when a
 * region that is out of reach may still take it) once too few can.
 */
export async function commitCaptured(
  stores: readonly ObjectStore[],
  needed: number,
  { key, object, lock }: CapturedObject,
): Promise<readonly Region[]> {
  const hash = sha256(object);
  const taken: Region[] = [];
  const refused: { region: Region; problem: DrError }[] = [];
  const puts = stores.map(async (store) => {
    try {
      await store.put(key, object, { lock, ifAbsent: true, sha256: hash });
      taken.push(store.region);
    } catch (thrown) {
      const problem = asDrError(thrown);
      // an earlier try of ours got through and its answer did not
      if (problem.code === 'TARGET_EXISTS' && (await isThere(store, key, hash))) taken.push(store.region);
      else refused.push({ region: store.region, problem });
    }
  });
  await enough(puts, () => taken.length >= needed || stores.length - refused.length < needed);
  if (taken.length >= needed) return [...taken];
  const reasons = refused.map(({ problem }) => problem.message).join(' ');
  const kind = refused.some(({ problem }) => isUnavailable(problem)) ? 'transient' : 'permanent';
  throw new DrError('BACKUP_INCOMPLETE', kind, `${taken.length} of ${needed} regions took it. ${reasons}`, {
    cause: refused[0]?.problem,
    data: { refused: refused.map(({ region, problem }) => ({ region, code: problem.code, ...problem.data })) },
  });
}

async function enough(puts: readonly Promise<void>[], isSettled: () => boolean): Promise<void> {
  const waiting = new Set(puts);
  for (const put of puts) void put.then(() => waiting.delete(put));
  while (!isSettled() && waiting.size > 0) await Promise.race(waiting);
}

async function isThere(store: ObjectStore, key: string, hash: string): Promise<boolean> {
  try {
    return sha256(await store.get(key)) === hash;
  } catch {
    return false;
  }
}

/**
 * Copies what one region has of an hour's segments and keys and another lacks: what a region missed while it was out of
 * reach. Bytes are proved when they are read. Idempotent. Returns how many objects were copied; a region that is still out
 * of reach is left for the next time.
 */
export async function spreadHour(vault: Vault, timeline: number, hour: string, lock: ObjectLock): Promise<number> {
  // keys first: a segment without its key is of no use
  const keys = await spread(vault, keysPrefix(timeline, hour), lock);
  return keys + (await spread(vault, hourPrefix(SEGMENTS, timeline, hour), lock));
}

async function spread(vault: Vault, prefix: string, lock: ObjectLock): Promise<number> {
  const listings = await Promise.all(
    vault.stores.map(async (store) => {
      const keys = new Set<string>();
      try {
        for await (const { key } of store.list(prefix)) keys.add(key);
        return { store, keys };
      } catch (error) {
        if (isUnavailable(asDrError(error))) return undefined;
        throw error;
      }
    }),
  );
  const heard = listings.filter((listing) => listing !== undefined);
  const all = new Set(heard.flatMap(({ keys }) => [...keys]));
  let copied = 0;
  for (const key of all) {
    const from = heard.find(({ keys }) => keys.has(key));
    const lacking = heard.filter(({ keys }) => !keys.has(key));
    if (!from || lacking.length === 0) continue;
    const object = await from.store.get(key);
    const regions = await commitCaptured(
      lacking.map(({ store }) => store),
      lacking.length,
      { key, object, lock },
    );
    copied += regions.length;
  }
  return copied;
}
