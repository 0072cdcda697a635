import { z } from 'zod';
import { counted, say } from '#core';
import { notYet } from '#workflow';
import { behind } from '../follow-member.ts';
import { PATIENT, type Step } from './step.ts';

export const CaughtUp = z.object({ members: z.number().int() });
export type CaughtUp = z.output<typeof CaughtUp>;

/** Step 4: each has applied, by its own word, all that the primary had when we asked. */
export const catchUp: Step<unknown, CaughtUp> = {
  output: CaughtUp,
  says: ({ facts }) => ({ todo: `Let them catch up with ${facts.primary}`, done: 'members caught up' }),
  tells: ({ members }) => say`${counted(members, 'member')} caught up.`,
  // Changes nothing.
  observe: async () => notYet,
  run: async ({ world, input, clock, signal, report }) => {
    const { members } = input.facts;
    const wanted = await world.replicaSet.appliedOn(await world.replicaSet.primary());
    for (;;) {
      signal.throwIfAborted();
      const still = await behind(world, members, wanted);
      if (still.length === 0) return { members: members.length };
      report({ text: say`${members.length - still.length} of ${counted(members.length, 'member')} caught up.` });
      await clock.sleep(world.settings.lookEveryMs, signal);
    }
  },
  ...PATIENT,
};
