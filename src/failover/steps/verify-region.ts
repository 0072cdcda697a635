import { formatDuration, say } from '#core';
import { notYet } from '#workflow';
import type { Step } from './step.ts';
import { checkTarget, Validated } from './validate-target.ts';

/** Failback, step 1: is the primary region whole again? */
export const verifyRegion: Step<unknown, Validated> = {
  output: Validated,
  says: ({ facts }) => ({ todo: `Check that ${facts.to} is healthy`, done: `${facts.to} is healthy` }),
  tells: ({ live }, { facts }) =>
    say`${facts.to} is healthy: ${live.membersUp} of ${live.membersAll} database members up, ${formatDuration(live.lagMs)} behind.`,
  // Changes nothing, so asking twice is right.
  observe: async () => notYet,
  run: checkTarget,
  undo: async () => undefined,
  timeoutMs: 60_000,
  retry: { times: 3, everyMs: 1_000 },
};
