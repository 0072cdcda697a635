import { z } from 'zod';
import { counted, DrError, say } from '#core';
import { notYet } from '#workflow';
import { followMember, hasJoined } from '../follow-member.ts';
import type { ReadDivergent } from './read-divergent.ts';
import { type Context, hostsOf, keepRollbackFiles, PATIENT, type Step } from './step.ts';

export const Rejoined = z.object({
  members: z.array(
    z.object({
      host: z.string(),
      how: z.enum(['followed', 'copied anew']),
      /** How often its server ended by itself on the way. */
      crashes: z.number().int(),
      rollbackFiles: z.number().int().optional(),
    }),
  ),
});
export type Rejoined = z.output<typeof Rejoined>;

type Before = { readonly 'read-divergent': ReadDivergent };

/**
 * Step 3: each is started as a follower without a vote, one after the other. On its disk each has the configuration of
 * before, by which two of them are a majority: the second starts only when the first has heard of the new one.
 */
export const rejoin: Step<Before, Rejoined> = {
  output: Rejoined,
  says: ({ facts }) => ({ todo: `Start them as followers of ${facts.primary}`, done: 'members follow' }),
  tells: ({ members }) => {
    const anew = members.filter(({ how }) => how === 'copied anew').length;
    const crashes = members.reduce((sum, member) => sum + member.crashes, 0);
    const restarts = crashes > 0 ? ` Started again ${counted(crashes, 'time')} on the way.` : '';
    return say`${counted(members.length, 'member')} without a vote follow${anew > 0 ? `, ${anew} copied anew` : ''}.${restarts}`;
  },
  // A member that follows already is left alone; only one that is held, and so not begun with, is emptied first.
  observe: async () => notYet,
  run: async (context) => {
    const members: Rejoined['members'] = [];
    for (const host of context.input.facts.members) members.push(await rejoinOne(context, host));
    return { members };
  },
  // No undo: a follower without a vote harms nobody, and to stop it would only lose what it has copied.
  ...PATIENT,
};

async function rejoinOne(context: Context<Before>, host: string): Promise<Rejoined['members'][number]> {
  const { world, input, signal } = context;
  const { facts } = input;
  const hosts = hostsOf(context);
  const primary = await world.replicaSet.primary();
  const follower = { ...context, hosts };
  let how: Rejoined['members'][number]['how'] = facts.wipe ? 'copied anew' : 'followed';
  if (!(await hasJoined(context, host, primary)) && (await hosts.look(host)).state !== 'running') {
    signal.throwIfAborted();
    await hosts.hold(host);
    if (facts.wipe) await hosts.wipe(host);
    await hosts.start(host);
  }
  let followed = await followMember(follower, host, primary);
  if (!followed.joined && how === 'followed') {
    refuseToEmpty(context, host, followed.stuck);
    await hosts.hold(host);
    await keepRollbackFiles(context, host);
    await hosts.wipe(host);
    await hosts.start(host);
    how = 'copied anew';
    followed = await followMember(follower, host, primary);
  }
  if (!followed.joined) throw notJoined(host, followed.stuck, 'Look into the log of its server.');
  // The rollback has just written what it took back.
  return { host, how, crashes: followed.crashes, ...(await keepRollbackFiles(context, host)) };
}

/** What was saved is safe, but people agree before a copy goes that had something of its own. */
function refuseToEmpty({ done, input }: Context<Before>, host: string, stuck: string): void {
  const saved = done['read-divergent'].members.find((member) => member.host === host);
  if (saved?.entries === 0) return;
  throw notJoined(host, stuck, `Empty it and copy it anew: /dr rebuild ${input.facts.region} --wipe`);
}

const notJoined = (host: string, stuck: string, hint: string): DrError =>
  new DrError('DATABASE_REFUSED', 'permanent', `${host} can't follow with the data it has: ${stuck}.`, {
    hint,
    data: { host, stuck },
  });
