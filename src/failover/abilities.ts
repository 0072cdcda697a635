import { asDrError } from '#core';
import { type Ability, lacksSaid, type ReplicaSet } from '#ports';

/**
 * Why these servers can't be moved in this way, as clauses; empty when they can. A member that does not say so now is no reason
 * to refuse: whether it is well is asked elsewhere.
 */
export async function whatServersLack(
  replicaSet: Pick<ReplicaSet, 'abilities'>,
  host: string,
  needs: readonly Ability[],
): Promise<string[]> {
  try {
    return lacksSaid(await replicaSet.abilities(host), needs);
  } catch (thrown) {
    if (asDrError(thrown).kind === 'bug') throw thrown;
    return [];
  }
}
