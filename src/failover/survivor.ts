import type { Region } from '#core';
import { isAtLeast, type Member, type ReplicaSetView } from '#ports';
import type { MemberFact } from './facts.ts';
import { factOf } from './member-roles.ts';
import type { FailoverSettings } from './settings.ts';

/** The region that is left: of those that serve, the one that had the say in the database. */
export function lostRegion(view: ReplicaSetView, to: Region, { regions }: FailoverSettings): Region | undefined {
  const votesIn = (region: Region): number =>
    view.members.filter((member) => member.region === region).reduce((sum, { votes }) => sum + votes, 0);
  const others = regions.filter(({ region, role }) => region !== to && role !== 'cold-standby');
  return others.map(({ region }) => region).sort((a, b) => votesIn(b) - votesIn(a))[0];
}

/**
 * The member of a region that has most. Of equals the approved one, or else the first in the configuration: when the old side
 * is silent nobody gets ahead of anybody any more, and the choice stays as it was approved.
 */
export function survivorIn(view: ReplicaSetView, region: Region, approved?: string): Member | undefined {
  const able = view.members.filter((member) => member.region === region && member.state === 'secondary');
  const best = able.filter((member) => able.every((other) => hasAllOf(member, other)));
  return best.find(({ host }) => host === approved) ?? best[0];
}

const hasAllOf = (member: Member, other: Member): boolean =>
  !other.applied || (member.applied !== undefined && isAtLeast(member.applied, other.applied));

/** The survivor alone has a vote: two would need each other, and the other one may be about to die. */
export const rolesAfterLoss = (view: ReplicaSetView, survivor: string): MemberFact[] =>
  view.members.map((member) => ({
    ...factOf(member),
    ...(member.host === survivor ? { votes: 1, priority: Math.max(1, member.priority) } : { votes: 0, priority: 0 }),
  }));
