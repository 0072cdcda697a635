import { asDrError, type Clock, DrError } from '#core';
import type { MemberRole } from '#ports';
import { Config } from './replica-set-look.ts';
import type { Members } from './replica-set-members.ts';

/**
 * One reconfiguration through the primary. The server itself refuses while the last configuration, or the first
 * write of the primary's term, is not yet on a majority: that passes within a heartbeat, so it is asked again.
 */
export async function setRoles(
  members: Members,
  primary: () => Promise<string>,
  roles: readonly MemberRole[],
  { withinMs, catchUpMs }: { readonly withinMs: number; readonly catchUpMs?: number | undefined },
  clock: Clock,
): Promise<void> {
  const order = 'change the configuration';
  const endsAt = clock.monotonicMs() + withinMs;
  for (;;) {
    const leftMs = Math.max(1, Math.ceil(endsAt - clock.monotonicMs()));
    try {
      const host = await primary();
      const answer = await members.ask(host, { replSetGetConfig: 1 }, order, Math.min(leftMs, 1_500));
      const next = changed(Config.parse(answer['config']), roles, catchUpMs);
      if (!next) return;
      await members.ask(host, { replSetReconfig: next }, order, leftMs);
      return;
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.kind !== 'transient' || clock.monotonicMs() + 20 >= endsAt) throw error;
      await clock.sleep(20);
    }
  }
}

/** The configuration with these roles, or undefined when it has them already. One vote at a time. */
function changed(config: Config, roles: readonly MemberRole[], catchUpMs: number | undefined): Config | undefined {
  const { next, votesChanged } = withRoles(config, roles, catchUpMs);
  if (votesChanged > 1) {
    throw new DrError('UNEXPECTED', 'bug', 'Two votes in one reconfiguration could leave two majorities.');
  }
  return next;
}

/** The configuration with these roles, and how many votes that changes; `next` is undefined when it is so already. */
export function withRoles(
  config: Config,
  roles: readonly MemberRole[],
  catchUpMs: number | undefined,
): { readonly next: Config | undefined; readonly votesChanged: number } {
  const wanted = new Map(roles.map((role) => [role.host, role]));
  const { settings } = config;
  let votesChanged = 0;
  let differs = catchUpMs !== undefined && catchUpMs !== settings.catchUpTimeoutMillis;
  const members = config.members.map((member) => {
    const role = wanted.get(member.host);
    wanted.delete(member.host);
    if (!role || (role.votes === member.votes && role.priority === member.priority)) return member;
    differs = true;
    if (role.votes !== member.votes) votesChanged += 1;
    return { ...member, votes: role.votes, priority: role.priority };
  });
  const strangers = [...wanted.keys()];
  if (strangers.length > 0) {
    throw new DrError('DATABASE_REFUSED', 'permanent', `Not in the replica set: ${strangers.join(', ')}.`);
  }
  if (!differs) return { next: undefined, votesChanged };
  const changes = catchUpMs === undefined ? {} : { settings: { ...settings, catchUpTimeoutMillis: catchUpMs } };
  return { next: { ...config, version: config.version + 1, members, ...changes }, votesChanged };
}
