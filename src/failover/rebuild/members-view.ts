import { asDrError } from '#core';
import type { Member, ReplicaSetView } from '#ports';
import { lagMs } from '../survey.ts';
import type { ReturnedMember } from './facts.ts';
import type { RebuildWorld } from './world.ts';

/** Every member as the set and its machine tell of it. What a machine does not say is left out. */
export async function lookAtMembers(
  world: Pick<RebuildWorld, 'hosts'>,
  { members }: Pick<ReplicaSetView, 'members'>,
): Promise<ReturnedMember[]> {
  const primary = members.find(({ state }) => state === 'primary');
  return Promise.all(members.map((member) => lookAt(world, member, primary)));
}

async function lookAt(
  { hosts }: Pick<RebuildWorld, 'hosts'>,
  member: Member,
  primary: Member | undefined,
): Promise<ReturnedMember> {
  const { host, region, votes, state } = member;
  const [machine, files] = hosts
    ? await Promise.all([saidBy(hosts.look(host)), saidBy(hosts.rollbackFiles(host))])
    : [undefined, undefined];
  return {
    host,
    votes,
    state,
    ...(region ? { region } : {}),
    ...(primary && member.appliedAt ? { behindMs: lagMs(primary, member) } : {}),
    ...(machine ? { machine: { state: machine.state, crashes: machine.crashes } } : {}),
    ...(files ? { rollbackFiles: files.length } : {}),
  };
}

/** A machine that is silent, or has no agent, has said nothing. */
async function saidBy<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    const { code } = asDrError(thrown);
    if (code === 'HOST_UNAVAILABLE' || code === 'HOST_REFUSED') return undefined;
    throw thrown;
  }
}
