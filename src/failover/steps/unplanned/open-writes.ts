import { z } from 'zod';
import { formatDuration, say } from '#core';
import { notYet } from '#workflow';
import { Pauses } from '../../receipt.ts';
import { liftWritesWithin } from '../../write-block.ts';
import type { Fenced } from './fence.ts';
import type { LossStep } from './step.ts';

export const Opened = z.object({ openedAt: z.date(), pauses: Pauses, afterMs: z.number() });
export type Opened = z.output<typeof Opened>;

const LIFT_WITHIN_MS = 30_000;

/** Step 4: the new region may take writes, and does. */
export const openWrites: LossStep<{ readonly fence: Fenced }, Opened> = {
  output: Opened,
  says: ({ facts }) => ({ todo: `Open writes in ${facts.to}`, done: `${facts.to} takes writes` }),
  tells: ({ afterMs }, { facts }) => say`${facts.to} takes writes, ${formatDuration(afterMs)} after the start.`,
  // To open what is open changes nothing.
  observe: async () => notYet,
  run: async ({ world, input, runId, clock, done, signal }) => {
    await world.fence.open(input.facts.to, runId);
    signal.throwIfAborted();
    const pauses = await liftWritesWithin(world, runId, LIFT_WITHIN_MS, clock);
    const openedAt = clock.now();
    return { openedAt, pauses, afterMs: Math.max(0, openedAt.getTime() - done.fence.startedAt.getTime()) };
  },
  timeoutMs: 60_000,
  retry: { times: 20, everyMs: 250 },
};
