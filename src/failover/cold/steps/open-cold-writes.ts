import { z } from 'zod';
import { DrError, formatDuration, say } from '#core';
import { notYet } from '#workflow';
import type { ColdStep } from '../step.ts';
import type { AllFenced } from './fence-all.ts';

export const ColdOpened = z.object({ openedAt: z.date(), afterMs: z.number() });
export type ColdOpened = z.output<typeof ColdOpened>;

/** Step 7, from which it only goes forward: the new database and the region's lease are open. */
export const openColdWrites: ColdStep<{ readonly 'fence-all': AllFenced }, ColdOpened> = {
  output: ColdOpened,
  says: ({ facts }) => ({ todo: `Open writes in ${facts.to}`, done: `${facts.to} takes writes` }),
  tells: ({ afterMs }, { facts }) => say`${facts.to} takes writes, ${formatDuration(afterMs)} after the start.`,
  // To open what is open changes nothing.
  observe: async () => notYet,
  run: async ({ world, input, runId, clock, done, signal }) => {
    const { host, to } = input.facts;
    await world.withFounded(host, async ({ replicaSet }) => {
      await replicaSet.unblockWrites();
      const { members } = await replicaSet.look();
      const leads = members.find(({ state }) => state === 'primary');
      if (leads?.writable) return;
      throw new DrError('DATABASE_UNAVAILABLE', 'transient', `${host} does not take writes yet.`);
    });
    signal.throwIfAborted();
    await world.fence.open(to, runId);
    const openedAt = clock.now();
    return { openedAt, afterMs: Math.max(0, openedAt.getTime() - done['fence-all'].startedAt.getTime()) };
  },
  timeoutMs: 60_000,
  retry: { times: 20, everyMs: 500 },
};
