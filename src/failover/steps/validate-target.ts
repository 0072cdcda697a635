import { z } from 'zod';
import { DrError, formatDuration, say } from '#core';
import { notYet } from '#workflow';
import { MoveLive } from '../facts.ts';
import { findPrimary } from '../preview-move.ts';
import { notReady, survey } from '../survey.ts';
import type { Context, Step } from './step.ts';

export const Validated = z.object({ live: MoveLive, startedAt: z.date() });
export type Validated = z.output<typeof Validated>;

/** Step 1: the target is asked again, now; what was ready when people approved may not be any more. */
export const validateTarget: Step<unknown, Validated> = {
  output: Validated,
  says: ({ facts }) => ({ todo: `Check that ${facts.to} is fit`, done: `${facts.to} is fit` }),
  tells: ({ live }, { facts }) =>
    say`${facts.to} is fit: ${formatDuration(live.lagMs)} behind, ${live.servicesReady} of ${live.servicesWanted} up.`,
  // Changes nothing, so asking twice is right: what was true for a worker that died may not be true now.
  observe: async () => notYet,
  run: checkTarget,
  // Nothing to take back; with this the run ends as put back, and leaves no half-done move for anybody to close.
  undo: async () => undefined,
  timeoutMs: 60_000,
  retry: { times: 3, everyMs: 1_000 },
};

export async function checkTarget({ world, clock, input, signal }: Context): Promise<Validated> {
  const { facts, limits } = input;
  const startedAt = clock.now();
  const where = await findPrimary(world, clock, facts.to);
  if (where instanceof DrError) throw permanent(where);
  signal.throwIfAborted();
  const found = await survey(world, clock, {
    view: where.view,
    primary: where.primary,
    from: facts.from,
    to: facts.to,
    approvedHost: facts.primaryAfter,
    pauseLimitMs: limits.pauseMs,
    votesTaken: facts.membersAfter.filter(({ votes }) => votes === 0).length,
  });
  if (found.reasons.length > 0) throw permanent(notReady(facts.to, found.reasons));
  return { live: found.live, startedAt };
}

/** What is a plain answer to somebody who asks is the end of a run that is under way. */
const permanent = ({ code, message, hint, data }: DrError): DrError =>
  new DrError(code, 'permanent', message, { data, ...(hint === undefined ? {} : { hint }) });
