import type { Preview } from '#chatops';
import { DrError, type RequestId } from '#core';
import { RestoreOnInput, RestoreStopInput, restoreOnWorkflow, restoreStopWorkflow, SCRATCH } from '#restore';
import type { RunRecord } from '#workflow';
import type { Receipt } from '../cards/request-view.ts';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** What stopping the database that a restore started would do. `others`: what else was typed, which has no place beside it. */
export async function restoreStopPreview(
  { restore, others }: { readonly restore: RequestId; readonly others: readonly unknown[] },
  { journal }: Pick<HoldfastWorld, 'journal'>,
): Promise<Preview> {
  if (others.some((each) => each !== undefined)) {
    throw new DrError('ARGUMENTS_INVALID', 'user', '--stop stands alone. Nothing was changed.', {
      hint: `/dr restore --stop ${restore}`,
    });
  }
  const run = (await journal.get(restore))?.value;
  if (run?.workflow !== restoreOnWorkflow.name || RestoreOnInput.parse(run.input).on !== SCRATCH) {
    throw new DrError('WRONG_STATE', 'user', `${restore} started no recovery mongod. Nothing was changed.`, {
      hint: run ? `Look: /dr show ${restore}. A run that is under way: /dr stop ${restore}` : 'Look: /dr timeline',
    });
  }
  if (run.state !== 'done') {
    throw new DrError(
      'WRONG_STATE',
      'user',
      `${restore} is ${run.state}, and takes its recovery mongod with it. Nothing was changed.`,
      {
        hint: `/dr stop ${restore}`,
      },
    );
  }
  return {
    title: `stop of the recovery mongod of ${restore}`,
    job: restoreStopWorkflow.name,
    payload: RestoreStopInput.parse({ restore }),
    facts: { restore },
    limits: {},
    live: {},
    sections: [{ lines: [[`The recovery mongod of ${restore} is stopped, and the data in it removed.`]] }],
    details: [],
    effect: 'What was restored there is gone; backups and live data stay.',
    smallPrint: [],
  };
}

/** What people read when it is stopped, or is about to be. */
export function restoreStopReceipt({ input }: RunRecord): Receipt | undefined {
  const stopped = RestoreStopInput.safeParse(input);
  if (!stopped.success) return undefined;
  return { headline: `recovery mongod of ${stopped.data.restore} stopped`, sections: [] };
}
