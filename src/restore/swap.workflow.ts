import { z } from 'zod';
import { DrError, formatDuration, RequestId, say } from '#core';
import { defineWorkflow, notYet, type StepContext } from '#workflow';
import { BesideCollection } from './restore-beside.ts';
import { pointOf, RestorePoint } from './restore-point.ts';
import { restoreViews } from './restore-views.ts';
import { type RestoreWorld, withTarget } from './restore-world.ts';
import { observeSwap, restoreTtl, type SwapState, swapBack, swapCollection } from './swap-collection.ts';

/** What a swap, and its undoing, are given: which restore's collections, and of which moment they are. */
export const SwapInput = RestorePoint.extend({
  restore: RequestId,
  collections: z.array(BesideCollection).min(1),
  /** Of a restore of chosen things, the views among them: no others are made. */
  views: z.array(z.string()).optional(),
});
export type SwapInput = z.output<typeof SwapInput>;

type Context = StepContext<SwapInput, unknown, RestoreWorld>;

const Swapped = z.object({ collections: z.array(z.string()) });
const Reopened = z.object({ pausedMs: z.number() });
const Finished = z.object({ viewsMade: z.array(z.string()) });

const HELD = z.object({ held: z.literal(true) });
const names = ({ collections }: SwapInput): string[] => collections.map(({ database, name }) => `${database}.${name}`);
const namesText = (input: SwapInput): string => {
  const all = names(input);
  return all.length > 3 ? `${all.length} collections` : all.join(', ');
};

/** User writes wait while names change places: a service that finds no collection would make an empty one. */
const blockWrites = {
  output: HELD,
  says: () => ({ todo: 'Pause writes', done: 'writes paused' }),
  // Holding again is harmless: the same run's pause goes on.
  observe: async () => notYet,
  run: async ({ world, runId }: Context) => {
    await world.holdWrites(runId);
    return { held: true as const };
  },
  undo: async ({ world, runId }: Context) => {
    await world.reopenWrites(runId);
  },
  timeoutMs: 30_000,
  retry: { times: 5, everyMs: 500 },
};

const reopenWrites = {
  output: Reopened,
  says: () => ({ todo: 'Take writes again', done: 'writes accepted again' }),
  tells: ({ pausedMs }: { pausedMs: number }) => say`Writes accepted again after ${formatDuration(pausedMs)}.`,
  observe: async () => notYet,
  run: async ({ world, runId }: Context) => ({ pausedMs: await world.reopenWrites(runId) }),
  timeoutMs: 30_000,
  retry: { times: 10, everyMs: 500 },
};

async function eachIs({ world, input }: Context, state: SwapState): Promise<boolean> {
  return withTarget(world, async (target) => {
    for (const collection of input.collections) {
      if ((await observeSwap({ target, runId: input.restore, collection })) !== state) return false;
    }
    return true;
  });
}

const forEach = ({ world, input }: Context, work: (swap: Parameters<typeof swapCollection>[0]) => Promise<void>) =>
  withTarget(world, async (target) => {
    for (const collection of input.collections) await work({ target, runId: input.restore, collection });
  });

/**
 * Puts restored collections into the place of the live ones: two renames each, with writes paused. Whatever was live is
 * kept under another name and can be put back. Put back as a whole until writes are taken again.
 */
export const swapWorkflow = defineWorkflow<RestoreWorld>()('restore-swap', { input: SwapInput, exclusive: 'failover' })
  .step('pause-writes', blockWrites)
  .step('swap', {
    output: Swapped,
    says: (input) => ({ todo: `Swap in ${namesText(input)}`, done: `${namesText(input)} swapped in` }),
    tells: ({ collections }) => say`Swapped in: ${collections.join(', ')}.`,
    observe: async (context) =>
      (await eachIs(context, 'swapped')) ? { happened: true, output: { collections: names(context.input) } } : notYet,
    run: async (context) => {
      await forEach(context, swapCollection);
      return { collections: names(context.input) };
    },
    undo: async (context) => forEach(context, swapBack),
    timeoutMs: 60_000,
    retry: { times: 3, everyMs: 500 },
  })
  .step('reopen-writes', reopenWrites)
  .step('finish', {
    output: Finished,
    says: () => ({ todo: 'Switch expiry back on and make missing views', done: 'expiry and views as before' }),
    observe: async () => notYet,
    run: async (context) => {
      const { world, input } = context;
      await forEach(context, restoreTtl);
      const databases = [...new Set(input.collections.map(({ database }) => database))];
      const views = await withTarget(world, (target) =>
        restoreViews({ vault: world.vault, point: pointOf(input), target, databases, views: input.views }),
      );
      return { viewsMade: [...views.created] };
    },
    timeoutMs: 120_000,
    retry: { times: 5, everyMs: 2_000 },
  })
  .build({ forwardFrom: 'reopen-writes' });

/** Undoes a swap: the old collections come back into their place, the restored ones go beside again. */
export const undoSwapWorkflow = defineWorkflow<RestoreWorld>()('restore-undo', {
  input: SwapInput,
  exclusive: 'failover',
})
  .step('pause-writes', blockWrites)
  .step('swap-back', {
    output: Swapped,
    says: (input) => ({ todo: `Put ${namesText(input)} back`, done: `${namesText(input)} put back` }),
    tells: ({ collections }) => say`Put back as before the swap: ${collections.join(', ')}.`,
    observe: async (context) =>
      (await eachIs(context, 'beside')) ? { happened: true, output: { collections: names(context.input) } } : notYet,
    run: async (context) => {
      await forEach(context, swapBack);
      if (await eachIs(context, 'beside')) return { collections: names(context.input) };
      throw new DrError('WRONG_STATE', 'permanent', 'Not every collection could be put back.', {
        hint: 'Look which names stand where before trying again.',
      });
    },
    undo: async (context) => forEach(context, swapCollection),
    timeoutMs: 60_000,
    retry: { times: 3, everyMs: 500 },
  })
  .step('reopen-writes', reopenWrites)
  .build({ forwardFrom: 'reopen-writes' });
