import type { ObjectLock, ObjectStore } from '#ports';
import type { Vault } from './vault.ts';

/**
 * The longest lock of these objects, of the newest object under a prefix, and of what was promised, over the regions
 * that answer: a lock may have been extended since. `none` when the longest has run out, which a bucket would refuse.
 * Throws only when no region answers.
 */
export async function longestLock(
  vault: Vault,
  objects: readonly string[],
  newestUnder: string,
  promised: readonly ObjectLock[],
): Promise<ObjectLock | 'none'> {
  const asked = await Promise.allSettled(vault.stores.map((store) => locksIn(store, objects, newestUnder)));
  const answers = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [failed] = asked.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  if (answers.length === 0) throw failed;
  const locks = [...promised, ...answers.flat()].filter(({ until }) => until > vault.clock.now());
  const longest = locks.sort((a, b) => b.until.getTime() - a.until.getTime())[0];
  if (!longest) return 'none';
  const strict = locks.some(({ mode }) => mode === 'compliance');
  return { mode: strict ? 'compliance' : 'governance', until: longest.until };
}

async function locksIn(store: ObjectStore, objects: readonly string[], newestUnder: string): Promise<ObjectLock[]> {
  let newest: string | undefined;
  for await (const { key } of store.list(newestUnder)) newest = key;
  const heads = await Promise.all([...objects, ...(newest ? [newest] : [])].map((key) => store.head(key)));
  return heads.flatMap((head) => (head && head.lock !== 'none' ? [head.lock] : []));
}
