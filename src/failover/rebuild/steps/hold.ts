import { z } from 'zod';
import { counted, DrError, say } from '#core';
import { notYet } from '#workflow';
import { type Context, hostsOf, PATIENT, type Step } from './step.ts';

export const Held = z.object({ members: z.array(z.object({ host: z.string(), before: z.string() })) });
export type Held = z.output<typeof Held>;

/** Step 1: nothing runs there that could vote, take a write, or roll back what only it has. */
export const hold: Step<unknown, Held> = {
  output: Held,
  says: ({ facts }) => ({ todo: `Hold the members in ${facts.region}`, done: `members in ${facts.region} held` }),
  tells: ({ members }, { facts }) => say`${counted(members.length, 'member')} in ${facts.region} held.`,
  // Holding what is held changes nothing, and what it was before is only known to the one who looked first.
  observe: async () => notYet,
  run: async (context) => {
    await refuseVoters(context);
    const hosts = hostsOf(context);
    const members: Held['members'] = [];
    for (const host of context.input.facts.members) {
      context.signal.throwIfAborted();
      const before = (await hosts.look(host)).state;
      await hosts.hold(host);
      members.push({ host, before });
    }
    return { members };
  },
  // A member of which it is not known what it was stays held: that harms nobody.
  undo: async (context, output) => {
    const hosts = hostsOf(context);
    for (const { host, before } of output?.members ?? []) if (before === 'running') await hosts.start(host);
  },
  ...PATIENT,
};

/** A member with a vote is part of a majority: to stop it is a failover's to do, not ours. */
async function refuseVoters({ world, input }: Context): Promise<void> {
  const { members } = await world.replicaSet.look();
  const ours = members.filter(({ host }) => input.facts.members.includes(host));
  const voting = ours.filter(({ votes, state }) => votes > 0 || state === 'primary').map(({ host }) => host);
  if (voting.length === 0) return;
  throw new DrError('WRONG_STATE', 'permanent', `${voting.join(', ')} can vote: holding it could stop all writes.`, {
    hint: 'A failover takes the votes of the region that it leaves.',
  });
}
