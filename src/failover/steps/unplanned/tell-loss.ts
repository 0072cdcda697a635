import { say } from '#core';
import { notYet } from '#workflow';
import { leaveOver } from '../../leftovers.ts';
import { tidy } from '../../tidy.ts';
import { type Counted, UnplannedReceipt } from '../../unplanned-receipt.ts';
import type { ConfigurationSwitched } from '../switch-configuration.ts';
import type { Fenced } from './fence.ts';
import type { Opened } from './open-writes.ts';
import type { Forced } from './promote.ts';
import type { Raised } from './raise-services.ts';
import type { Recovered } from './recover-tail.ts';
import type { LossStep } from './step.ts';

interface Done {
  readonly fence: Fenced;
  readonly promote: Forced;
  readonly 'recover-tail': Recovered;
  readonly 'open-writes': Opened;
  readonly 'scale-services': Raised;
  readonly 'switch-configuration': ConfigurationSwitched;
  readonly 'count-loss': Counted;
}

/** Step 9: the people who must know are told, with the numbers; and what had to be left is tried once, then left to the sweep. */
export const tellLoss: LossStep<Done, UnplannedReceipt> = {
  output: UnplannedReceipt,
  says: () => ({ todo: 'Tell stakeholders', done: 'stakeholders told' }),
  tells: ({ left }) => {
    const later = left.length > 0 ? ` To be put right as soon as it answers: ${left.join(', ')}.` : '';
    return say`Stakeholders told.${later}`;
  },
  // The message and what is left over are kept once a run, so asking for them again doubles nothing.
  observe: async () => notYet,
  run: async (context) => {
    const { world, runId, clock, input, done } = context;
    const { facts, limits, reason } = input;
    const left = await tidy(world, await leaveOver(world, runId, facts, clock.now()), clock);
    const { notSaved } = done.promote;
    const { caches } = done['scale-services'];
    const receipt: UnplannedReceipt = {
      ...{ move: facts.move, from: facts.from, to: facts.to, reason, primary: facts.primaryAfter },
      ...{ proof: done.fence.proof, counted: done['count-loss'], lossLimitMs: limits.lossMs },
      ...{ applied: done['recover-tail'].applied, leftOut: done['recover-tail'].leftOut },
      ...(notSaved === undefined ? {} : { notSaved }),
      ...(caches ? { caches } : {}),
      ...{ pauses: done['open-writes'].pauses, openedAt: done['open-writes'].openedAt },
      ...{ unreachable: done['switch-configuration'].unreachable, left },
      ...{ startedAt: done.fence.startedAt, endedAt: clock.now() },
    };
    await world.tellLoss(runId, receipt);
    return receipt;
  },
  timeoutMs: 60_000,
  retry: { times: 5, everyMs: 2_000 },
};
