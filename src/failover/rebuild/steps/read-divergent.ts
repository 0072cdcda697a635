import { z } from 'zod';
import { counted, formatCount, say } from '#core';
import { notYet } from '#workflow';
import { hostsOf, keepRollbackFiles, lostIn, PATIENT, type Step } from './step.ts';

export const ReadDivergent = z.object({
  members: z.array(
    z.object({
      host: z.string(),
      /** Entries of its oplog that the new side does not have; all of them are kept now. */
      entries: z.number().int(),
      /** Undefined where nobody but a person can read them. */
      rollbackFiles: z.number().int().optional(),
    }),
  ),
});
export type ReadDivergent = z.output<typeof ReadDivergent>;

/** Step 2: what only the returned members have is kept, before anything is done that would take it from them. */
export const readDivergent: Step<unknown, ReadDivergent> = {
  output: ReadDivergent,
  says: () => ({ todo: 'Save the writes that only they have', done: 'their own writes saved' }),
  tells: ({ members }) => {
    const entries = members.reduce((sum, member) => sum + member.entries, 0);
    const files = members.reduce((sum, member) => sum + (member.rollbackFiles ?? 0), 0);
    return say`Saved from ${counted(members.length, 'member')}: ${formatCount(entries)} operations that only they have, ${counted(files, 'rollback file')}.`;
  },
  // What is kept is kept once, however often it is read.
  observe: async () => notYet,
  run: async (context) => {
    const { world, input, signal } = context;
    const hosts = hostsOf(context);
    const members: ReadDivergent['members'] = [];
    for (const host of input.facts.members) {
      signal.throwIfAborted();
      const { uri } = await hosts.startAlone(host);
      const { entries } = await world.returned.saveDivergent(lostIn(context), host, uri, signal);
      await hosts.hold(host);
      members.push({ host, entries, ...(await keepRollbackFiles(context, host)) });
    }
    return { members };
  },
  undo: async (context) => {
    const hosts = hostsOf(context);
    for (const host of context.input.facts.members) {
      if ((await hosts.look(host)).state === 'alone') await hosts.hold(host);
    }
  },
  ...PATIENT,
};
