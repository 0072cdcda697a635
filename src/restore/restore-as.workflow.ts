import { z } from 'zod';
import { counted, say } from '#core';
import { defineWorkflow, notYet } from '#workflow';
import { fetchStep } from './fetch-step.ts';
import { Named, nameRestored, namesText, unnameRestored, viewsToName } from './name-restored.ts';
import { databasesOf, Naming } from './naming.ts';
import { RestorePoint } from './restore-point.ts';
import { loadStep, openStep, proveStep } from './restore-steps.ts';
import { type RestoreWorld, withTarget } from './restore-world.ts';

/** What a run that restores under new names is given. */
export const RestoreAsInput = RestorePoint.extend({
  /** `database.collection` or `database.*`, by the names of the moment; all when left out. */
  namespaces: z.array(z.string()).min(1).optional(),
  naming: Naming,
  /** Databases it writes to. */
  databases: z.array(z.string()).min(1),
  /** Whether one of them is backed up: new collections in it end what was captured before. */
  captured: z.boolean(),
});
export type RestoreAsInput = z.output<typeof RestoreAsInput>;

/**
 * A restore under new names that stay: opened, loaded and proved as any other, under names of ours in the databases where
 * it will stand; then named. Nothing live is replaced, and nothing half-done or unproved ever has a name that people use.
 * Documents do not expire in it: it is made to be looked at, and what is old enough would be gone a minute later.
 */
export const restoreAsWorkflow = defineWorkflow<RestoreWorld>()('restore-as', {
  input: RestoreAsInput,
  exclusive: 'restore',
})
  .step('open', openStep)
  .step('fetch', fetchStep)
  .step('load', loadStep)
  .step('prove', proveStep)
  .step('name', {
    output: Named,
    says: ({ naming }) => {
      const what = databasesOf(naming).join(', ');
      return { todo: `Give it its names in ${what}`, done: `it has its names in ${what}` };
    },
    tells: ({ collections, views }) =>
      say`${counted(collections.length, 'collection')}${views.length > 0 ? `, ${counted(views.length, 'view')}` : ''} there under new names: ${namesText([...collections, ...views])}. Nothing was replaced.`,
    // it sees by itself what has its name already
    observe: async () => notYet,
    run: (context) =>
      withTarget(context.world, (target) => nameRestored(target, context.done.load, viewsToName(context, target))),
    undo: (context) =>
      withTarget(context.world, (target) => unnameRestored(target, context.done.load, viewsToName(context, target))),
    // time-series collections are copied
    timeoutMs: 6 * 3_600_000,
    retry: { times: 5, everyMs: 2_000 },
  })
  .build();
