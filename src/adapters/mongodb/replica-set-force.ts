import { asDrError, type Clock, DrError } from '#core';
import type { MemberRole } from '#ports';
import { Config, sayHello } from './replica-set-look.ts';
import type { Members } from './replica-set-members.ts';
import { withRoles } from './replica-set-roles.ts';

const ASK_WITHIN_MS = 1_500;
const ASK_EVERY_MS = 250;
/** Carried out in milliseconds or not at all: nobody shall have to wonder for long what became of it. */
const FORCED_WITHIN_MS = 3_000;

/**
 * A reconfiguration through one member by a direct connection, without a majority. Nobody is waited for by the next primary:
 * with the server's default a frozen or cut-off old side costs its election 10 s. The server adds a large number to the
 * version by itself, so that this configuration wins over any that the lost members may know.
 */
export async function forceRoles(
  members: Members,
  via: string,
  roles: readonly MemberRole[],
  withinMs: number,
  clock: Clock,
): Promise<void> {
  const order = 'force the configuration';
  const endsAt = clock.monotonicMs() + withinMs;
  for (;;) {
    const leftMs = Math.max(1, Math.ceil(endsAt - clock.monotonicMs()));
    try {
      const answer = await members.ask(via, { replSetGetConfig: 1 }, order, Math.min(leftMs, ASK_WITHIN_MS));
      const { next } = withRoles(Config.parse(answer['config']), roles, 0);
      if (!next) return;
      await refuseWhilePrimary(members, via);
      await members.ask(via, { replSetReconfig: next, force: true }, order, Math.min(leftMs, FORCED_WITHIN_MS));
      return;
    } catch (thrown) {
      const error = asDrError(thrown);
      const passes = error.kind === 'transient' || error.data['primary'] !== undefined;
      if (!passes || clock.monotonicMs() + ASK_EVERY_MS >= endsAt) throw error;
      await clock.sleep(ASK_EVERY_MS);
    }
  }
}

/** The server would do it all the same, and two primaries would be the end of it. */
async function refuseWhilePrimary(members: Members, via: string): Promise<void> {
  const { primary } = await sayHello(members, via);
  if (primary === undefined) return;
  throw new DrError(
    'DATABASE_REFUSED',
    'permanent',
    `${via} still sees ${primary} as the primary: nothing is forced.`,
    {
      hint: 'A primary that others see can be moved in order: a planned failover.',
      data: { primary },
    },
  );
}
