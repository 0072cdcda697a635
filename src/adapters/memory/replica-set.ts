import { DrError, type Region } from '#core';
import { isAtLeast, type Lack, type Member, type MemberRole, type OpTime, type ReplicaSet } from '#ports';

interface MemoryMember {
  readonly host: string;
  readonly region: Region;
  votes: number;
  priority: number;
  up: boolean;
  /** A member that is up and does not follow: its applied time stands still. */
  following: boolean;
  applied: OpTime;
}

export interface MemoryReplicaSet extends ReplicaSet {
  /** An application's write: everybody who follows has it at once. Refused without a primary and while blocked. */
  write(): void;
  /** Takes a member away, or back. Without a majority of votes the primary steps down. */
  setUp(host: string, up: boolean): void;
  setFollowing(host: string, following: boolean): void;
  /** How often a configuration was forced. */
  forced(): number;
  /** From now on all members lack this. */
  setLacks(lacks: readonly Lack[]): void;
  /** The primary is elected anew: whoever does not follow has not heard of it. */
  newTerm(): void;
}

const NOW = new Date('2026-11-23T08:00:00Z');

/** A replica set in this process: one primary, elected by votes, with the server's own refusals. No time passes in it. */
export function memoryReplicaSet(
  specs: readonly { readonly host: string; readonly region: Region; readonly priority: number }[],
): MemoryReplicaSet {
  const start: OpTime = { term: 1, seconds: NOW.getTime() / 1_000, increment: 1 };
  const members = specs.map((spec): MemoryMember => ({ ...spec, votes: 1, up: true, following: true, applied: start }));
  let primary: MemoryMember | undefined = [...members].sort((a, b) => b.priority - a.priority)[0];
  let blocked = false;
  let version = 1;
  let catchUpMs = -1;
  let forced = 0;
  let lacks: readonly Lack[] = [];
  const of = (host: string): MemoryMember => {
    const found = members.find((member) => member.host === host);
    if (!found) throw refused(`${host} is not in the replica set.`);
    if (!found.up) throw unavailable(`${host} does not answer.`);
    return found;
  };
  const hasMajority = (): boolean => {
    const all = members.reduce((sum, { votes }) => sum + votes, 0);
    const alive = members.filter(({ up }) => up).reduce((sum, { votes }) => sum + votes, 0);
    return alive * 2 > all;
  };
  const present = (): MemoryMember => {
    if (primary?.up && hasMajority()) return primary;
    throw unavailable('The replica set has no primary at this moment.');
  };
  const advance = (term?: number): void => {
    const head = present();
    const next = {
      term: term ?? head.applied.term,
      seconds: head.applied.seconds,
      increment: head.applied.increment + 1,
    };
    for (const member of members) if (member.up && (member.following || member === head)) member.applied = next;
  };
  const changesOf = (roles: readonly MemberRole[]): MemberRole[] =>
    roles.filter((role) => {
      const now = members.find(({ host }) => host === role.host);
      if (!now) throw refused(`Not in the replica set: ${role.host}.`);
      return now.votes !== role.votes || now.priority !== role.priority;
    });
  const assign = (changes: readonly MemberRole[]): void => {
    if (changes.some(({ votes, priority }) => votes === 0 && priority > 0)) {
      throw refused('A member without a vote must have priority 0.');
    }
    for (const role of changes) Object.assign(members.find(({ host }) => host === role.host) ?? {}, role);
  };
  return {
    look: async () => {
      if (members.every(({ up }) => !up)) throw unavailable('No member answers.');
      const head = primary?.up && hasMajority() ? primary : undefined;
      return {
        name: 'memory',
        configVersion: version,
        heartbeatMs: 500,
        catchUpMs,
        members: members.map(({ host, region, votes, priority, up, applied }): Member => {
          const known = { host, region, votes, priority };
          if (!up) {
            const silent = { writable: false, blocked: undefined, applied: undefined };
            return { ...known, ...silent, state: 'unreachable', appliedAt: undefined, seesPrimary: undefined };
          }
          const isPrimary = head?.host === host;
          return {
            ...known,
            state: isPrimary ? 'primary' : 'secondary',
            writable: isPrimary && !blocked,
            blocked,
            applied,
            appliedAt: new Date(applied.seconds * 1_000 + applied.increment),
            seesPrimary: head?.host,
          };
        }),
      };
    },
    abilities: async (host) => {
      of(host);
      return { product: 'MongoDB Community 6.0.5', lacks };
    },
    setLacks: (now) => {
      lacks = now;
    },
    primary: async () => present().host,
    appliedOn: async (host) => of(host).applied,
    setRoles: async (roles: readonly MemberRole[], _withinMs, catchUp = catchUpMs) => {
      present();
      const changes = changesOf(roles);
      const votes = changes.filter((role) =>
        members.some(({ host, votes }) => host === role.host && votes !== role.votes),
      );
      if (votes.length > 1) {
        throw new DrError('UNEXPECTED', 'bug', 'Two votes in one reconfiguration could leave two majorities.');
      }
      if (changes.length > 0 || catchUp !== catchUpMs) version += 1;
      assign(changes);
      catchUpMs = catchUp;
    },
    forceRoles: async (via, roles) => {
      const through = of(via);
      const changes = changesOf(roles);
      if (changes.length === 0 && catchUpMs === 0) return;
      const seen = primary?.up && hasMajority() ? primary.host : undefined;
      if (seen) throw refused(`${through.host} still sees ${seen} as the primary: nothing is forced.`);
      assign(changes);
      if (primary?.votes === 0) primary = undefined;
      catchUpMs = 0;
      version += 10_000;
      forced += 1;
    },
    forced: () => forced,
    endTransactions: async () => {
      present();
      return 0;
    },
    blockWrites: async () => {
      present();
      if (!blocked) advance();
      blocked = true;
    },
    unblockWrites: async () => {
      present();
      if (blocked) advance();
      blocked = false;
    },
    stepUp: async (host) => {
      const candidate = of(host);
      if (primary === candidate && hasMajority()) return;
      if (candidate.priority === 0 || candidate.votes === 0) throw unavailable(`${host} can not be elected.`);
      const behind = members.some(
        ({ up, votes, applied }) => up && votes > 0 && !isAtLeast(candidate.applied, applied),
      );
      if (behind || !hasMajority()) throw unavailable(`${host} was not elected.`);
      primary = candidate;
      advance(candidate.applied.term + 1);
    },
    write: () => {
      present();
      if (blocked) throw new DrError('DATABASE_REFUSED', 'permanent', 'User writes are blocked.');
      advance();
    },
    newTerm: () => advance(present().applied.term + 1),
    setUp: (host, up) => {
      const member = members.find((each) => each.host === host);
      if (member) member.up = up;
      if (!up || !primary) return;
      if (member?.following && hasMajority()) member.applied = primary.applied;
    },
    setFollowing: (host, following) => {
      const member = of(host);
      member.following = following;
      if (following && primary) member.applied = primary.applied;
    },
  };
}

const unavailable = (message: string): DrError => new DrError('DATABASE_UNAVAILABLE', 'transient', message);
const refused = (message: string): DrError => new DrError('DATABASE_REFUSED', 'permanent', message);
