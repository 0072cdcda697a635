import { z } from 'zod';
import { counted, DrError, say } from '#core';
import { notYet } from '#workflow';
import type { ColdStep } from '../step.ts';
import type { LoadedData } from '../world.ts';
import type { Chosen } from './choose-point.ts';

export const Named = z.object({ names: z.number().int() });

/** Step 6: it has its own names. */
export const nameData: ColdStep<
  { readonly 'choose-point': Chosen; readonly 'load-data': LoadedData },
  z.output<typeof Named>
> = {
  output: Named,
  says: () => ({ todo: 'Give it its names', done: 'it has its names' }),
  tells: ({ names }) => say`${counted(names, 'collection and view', 'collections and views')} have their names.`,
  // What has its name already is left as it is.
  observe: async () => notYet,
  run: async ({ world, input, runId, done }) => {
    const names = await world.data.name(runId, input.facts.host, done['choose-point'].point, done['load-data']);
    if (names > 0) return { names };
    throw new DrError('RESTORE_MISMATCH', 'permanent', 'The vault had nothing that could be restored.', {
      hint: 'See which backups there are: /dr backups',
    });
  },
  // time-series collections are copied
  timeoutMs: 6 * 3_600_000,
  retry: { times: 20, everyMs: 3_000 },
};
