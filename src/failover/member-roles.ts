import type { Region } from '#core';
import type { Member, MemberRole, ReplicaSetView } from '#ports';
import type { MemberFact } from './facts.ts';

/** In normal times: the primary region's members before the standby's. */
const PRIORITY = { primaryRegion: 2, standby: 1 } as const;

/**
 * After a failover the old region's members follow without a vote: should that region die next, the new one keeps
 * its majority and goes on taking writes. Without a vote a member must have priority 0.
 */
export function rolesAfterFailover(view: ReplicaSetView, from: Region, primaryAfter: string): MemberFact[] {
  return view.members.map((member) => {
    if (member.region === from) return { ...factOf(member), votes: 0, priority: 0 };
    return member.host === primaryAfter ? { ...factOf(member), votes: 1, priority: preferred(view) } : factOf(member);
  });
}

/** After a failback everybody votes, and the primary region's members come first. */
export function rolesAfterFailback(view: ReplicaSetView, to: Region, from: Region): MemberFact[] {
  return view.members.map((member) => {
    if (member.state === 'arbiter') return factOf(member);
    if (member.region === to) return { ...factOf(member), votes: 1, priority: PRIORITY.primaryRegion };
    return member.region === from ? { ...factOf(member), votes: 1, priority: PRIORITY.standby } : factOf(member);
  });
}

/** Above every other's, or a member with a greater one would take the primary back ten seconds later. */
export const preferred = (view: Pick<ReplicaSetView, 'members'>): number =>
  Math.max(0, ...view.members.map(({ priority }) => priority)) + 1;

/** Members this close to each other are equally fit: the move waits for the last seconds anyway. */
const EQUALLY_FIT_MS = 5_000;

/**
 * The member of a region that takes over: of those that are about level, the approved one, or else the first in the
 * set's configuration. Who is ahead changes from second to second, and the choice is a fact that people approve: it must
 * not change by itself while another member catches up.
 */
export function candidateIn(view: ReplicaSetView, region: Region, approved?: string): Member | undefined {
  const able = view.members.filter(
    (member) => member.region === region && (member.state === 'secondary' || member.state === 'primary'),
  );
  const appliedMs = ({ appliedAt }: Member): number => appliedAt?.getTime() ?? 0;
  const newestMs = Math.max(0, ...able.map(appliedMs));
  const fit = able.filter((member) => newestMs - appliedMs(member) <= EQUALLY_FIT_MS);
  return fit.find(({ host }) => host === approved) ?? fit[0];
}

export const factOf = ({ host, region, votes, priority }: Member): MemberFact => ({
  host,
  votes,
  priority,
  ...(region ? { region } : {}),
});

export const roleOf = ({ host, votes, priority }: MemberFact): MemberRole => ({ host, votes, priority });

/** Those that gain a vote from now to then, each with priority 0 for the moment: it shall not be elected by itself. */
export const gainsVote = (now: readonly Member[], then: readonly MemberFact[]): MemberRole[] =>
  then
    .filter(({ host, votes }) => votes > 0 && now.some((member) => member.host === host && member.votes === 0))
    .map(({ host, votes }) => ({ host, votes, priority: 0 }));

/**
 * Those that lose their vote. First whoever does not answer (the others can still agree on that), then the old
 * primary, which has to turn round first and is the slower to agree to anything.
 */
export function losesVote(
  now: readonly Pick<Member, 'host' | 'votes' | 'state'>[],
  then: readonly MemberFact[],
  oldPrimary: string,
): MemberRole[] {
  const rank = (host: string): number => {
    if (now.some((member) => member.host === host && member.state === 'unreachable')) return 0;
    return host === oldPrimary ? 1 : 2;
  };
  return then
    .filter(({ host, votes }) => votes === 0 && now.some((member) => member.host === host && member.votes > 0))
    .map(roleOf)
    .sort((a, b) => rank(a.host) - rank(b.host));
}

/** Whether votes and priorities are as wanted. */
export const rolesAre = (now: readonly Member[], then: readonly MemberFact[]): boolean =>
  then.every(({ host, votes, priority }) =>
    now.some((member) => member.host === host && member.votes === votes && member.priority === priority),
  );
