import type { Region } from '#core';
import type { MemberHosts, ReplicaSet } from '#ports';

interface Parts {
  readonly replicaSet: Pick<ReplicaSet, 'look'>;
  /** Undefined where no machine has an agent that Holdfast knows of. */
  readonly hosts: Pick<MemberHosts, 'look'> | undefined;
}

/**
 * The members of a region, when each of them is held by its machine (stopped, and not started before somebody says so) and is not
 * heard either: an agent could be wrong about which server is its own. Undefined when that is not so of one of them. Throws what
 * the ports throw when one does not answer.
 */
export async function heldMembers(
  region: Region,
  { replicaSet, hosts }: Parts,
): Promise<readonly string[] | undefined> {
  if (!hosts) return undefined;
  const members = (await replicaSet.look()).members.filter((member) => member.region === region);
  if (members.length === 0 || members.some(({ state }) => state !== 'unreachable')) return undefined;
  const known = await Promise.all(members.map(({ host }) => hosts.look(host)));
  return known.every(({ state }) => state === 'held') ? members.map(({ host }) => host) : undefined;
}
