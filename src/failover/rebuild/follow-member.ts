import { type Clock, formatDuration, say, type Text } from '#core';
import { isAtLeast, type Member, type MemberHosts, type OpTime } from '#ports';
import type { RebuildWorld } from './world.ts';

export interface Follower {
  readonly world: Pick<RebuildWorld, 'replicaSet' | 'settings'>;
  readonly hosts: MemberHosts;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  report(progress: { readonly text: Text }): void;
}

/** How a started member ends up. `stuck` says why it will not get there with the data it has, as a clause. */
export type Followed =
  | { readonly joined: true; readonly crashes: number }
  | { readonly joined: false; readonly stuck: string };

/**
 * Whether it follows the primary of now. A member fresh from its disk calls itself a secondary too, and has the
 * configuration of before: what it applied has to be of the primary's term.
 */
export async function hasJoined({ world }: Pick<Follower, 'world'>, host: string, primary: string): Promise<boolean> {
  const { members } = await world.replicaSet.look();
  const found = members.find((member) => member.host === host);
  const head = members.find((member) => member.host === primary);
  return (
    found?.state === 'secondary' &&
    found.seesPrimary === primary &&
    (found.applied?.term ?? -1) >= (head?.applied?.term ?? Number.POSITIVE_INFINITY)
  );
}

/**
 * Watches a member that was started until it follows. It may abort in its rollback and be started again by its machine; it
 * may copy everything for hours. It is given up when it ends too often, or gets nowhere for too long.
 */
export async function followMember(follower: Follower, host: string, primary: string): Promise<Followed> {
  const { world, hosts, clock, signal, report } = follower;
  const { restarts, stuckAfterMs, lookEveryMs } = world.settings;
  const crashesBefore = (await hosts.look(host)).crashes;
  let moved = { at: clock.monotonicMs(), what: '' };
  for (;;) {
    signal.throwIfAborted();
    if (await hasJoined(follower, host, primary)) {
      return { joined: true, crashes: (await hosts.look(host)).crashes - crashesBefore };
    }
    const machine = await hosts.look(host);
    const crashes = machine.crashes - crashesBefore;
    if (crashes > restarts) return { joined: false, stuck: `its server ended by itself ${crashes} times` };
    const { members } = await world.replicaSet.look();
    const seen = members.find((member) => member.host === host);
    const now = [seen?.state, sayTime(seen?.applied), crashes, machine.state].join();
    if (now !== moved.what) moved = { at: clock.monotonicMs(), what: now };
    const stillMs = isCopying(seen) ? 0 : clock.monotonicMs() - moved.at;
    if (stillMs > stuckAfterMs) {
      return {
        joined: false,
        stuck: `it is ${seen?.state ?? 'gone'} and got no further for ${formatDuration(stillMs)}`,
      };
    }
    report({
      text: say`${host}: ${seen?.state ?? 'not seen'}${crashes > 0 ? `, started again ${crashes} times` : ''}.`,
    });
    await clock.sleep(lookEveryMs, signal);
  }
}

/** It has applied nothing yet: it copies everything, which takes its time and shows nothing of it. */
const isCopying = (member: Member | undefined): boolean =>
  member?.state === 'recovering' && (member.applied?.term ?? -1) < 0;

const sayTime = (time: OpTime | undefined): string =>
  time === undefined ? '' : `${time.term}:${time.seconds}:${time.increment}`;

/** Those that have not applied, by their own word, all that was wanted. */
export async function behind(
  { replicaSet }: Pick<RebuildWorld, 'replicaSet'>,
  hosts: readonly string[],
  wanted: OpTime,
): Promise<string[]> {
  const still: string[] = [];
  for (const host of hosts) if (!isAtLeast(await replicaSet.appliedOn(host), wanted)) still.push(host);
  return still;
}
