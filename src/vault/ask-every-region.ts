import { asDrError, type DrError, type Region } from '#core';
import type { ObjectStore } from '#ports';
import type { Vault } from './vault.ts';

/** A region that did not answer: what only it has is not known. */
export interface Unreachable {
  readonly region: Region;
  readonly problem: DrError;
}

/**
 * Asks every region's store the same at once; any that answers is enough. Answers stand in the vault's order. Throws the
 * first failure when none answers.
 */
export async function askEveryRegion<T>(
  { stores }: Vault,
  ask: (store: ObjectStore) => Promise<T>,
): Promise<{ readonly answers: readonly { store: ObjectStore; answer: T }[]; readonly unreachable: Unreachable[] }> {
  const asked = await Promise.allSettled(stores.map(ask));
  const answers: { store: ObjectStore; answer: T }[] = [];
  const unreachable: Unreachable[] = [];
  for (const [index, store] of stores.entries()) {
    const result = asked[index];
    if (result?.status === 'fulfilled') answers.push({ store, answer: result.value });
    else unreachable.push({ region: store.region, problem: asDrError(result?.reason) });
  }
  const [first] = unreachable;
  if (first && answers.length === 0) throw first.problem;
  return { answers, unreachable };
}
