import { z } from 'zod';
import { counted, outside, say } from '#core';
import type { RestoreTarget } from '#ports';
import type { ManifestHeader } from '#vault';
import { defineWorkflow, notYet, type StepContext } from '#workflow';
import { fetchStep } from './fetch-step.ts';
import { refuseUnfit } from './judge-cluster.ts';
import { nameRestored, namesText, unnameRestored } from './name-restored.ts';
import { Naming } from './naming.ts';
import { onApproved, openApproved } from './open-approved.ts';
import { databaseOf } from './oplog-entry.ts';
import type { RestoredBeside } from './restore-beside.ts';
import { pointOf, RestorePoint } from './restore-point.ts';
import { leftOutText, loadStep, openStep, proveStep } from './restore-steps.ts';
import type { RestoreViewsOptions } from './restore-views.ts';
import { type RestoreWorld, withTarget } from './restore-world.ts';

/** What a run that restores to another cluster is given. */
export const RestoreOnInput = RestorePoint.extend({
  /** As plan.yaml calls it. */
  on: z.string(),
  /** Of the replica set that was behind that name when people approved. */
  setId: z.string(),
  /** `database.collection` or `database.*`, by the names of the moment. */
  namespaces: z.array(z.string()).min(1),
  naming: z.union([z.literal('kept'), Naming]),
  /** Databases it writes to there. */
  databases: z.array(z.string()).min(1),
});
export type RestoreOnInput = z.output<typeof RestoreOnInput>;

const Reached = z.object({ set: z.string(), primary: z.string(), version: z.string() });
const Named = z.object({ collections: z.array(z.string()), views: z.array(z.string()) });

type Done = { readonly open: ManifestHeader; readonly load: RestoredBeside };
type Context = StepContext<RestoreOnInput, Done, RestoreWorld>;

/** A view names what it reads, so it comes along wherever names stay within their database. */
function viewsOf({ world, input, done }: Context, target: RestoreTarget): RestoreViewsOptions {
  const { naming } = input;
  const common = { vault: world.vault, point: pointOf(input), target };
  const views = naming === 'kept' || 'database' in naming ? (done.load.views ?? []) : [];
  const into = naming !== 'kept' && 'database' in naming ? naming.database : undefined;
  return { ...common, databases: views.map(databaseOf), views, into };
}

/**
 * A restore to another cluster: opened, loaded under names of ours, proved, then named. Nothing that is there is replaced;
 * the protected set is not touched. What people approved is one replica set, by its id: behind each step it is asked again
 * whether it is still the one. Documents do not expire in it, as under new names.
 */
export const restoreOnWorkflow = defineWorkflow<RestoreWorld>()('restore-on', {
  input: RestoreOnInput,
  exclusive: 'restore',
})
  .step('open', openStep)
  .step('reach', {
    output: Reached,
    says: ({ on }) => ({ todo: `Look whether ${on} can take it`, done: `${on} can take it` }),
    tells: ({ set, primary, version }, { on }) =>
      say`${on} can take it: replica set ${outside(set)}, primary ${outside(primary)}, MongoDB ${version}.`,
    // Looking changes nothing.
    observe: async () => notYet,
    run: async ({ world, input, done }) => {
      const cluster = await openApproved(world, input);
      try {
        const [there, live] = await Promise.all([cluster.describe(), world.describeLive()]);
        const { on } = input;
        refuseUnfit({
          name: on,
          there,
          live,
          liveName: world.liveName,
          source: done.open.source,
          point: pointOf(input),
        });
        return { set: there.set ?? '', primary: there.primary, version: there.version };
      } finally {
        await cluster.close();
      }
    },
    // nothing was written: a cluster that can't take it keeps no other restore waiting
    undo: async () => undefined,
    timeoutMs: 60_000,
    retry: { times: 5, everyMs: 3_000 },
  })
  .step('fetch', fetchStep)
  .step('load', {
    ...loadStep,
    says: ({ on }) => ({ todo: `Load it into ${on}`, done: `loaded into ${on}` }),
    tells: ({ collections, refused, damage }, { on }) => [
      `${counted(collections.length, 'collection')} loaded into ${on} under names of ours; nothing there was touched.`,
      ...leftOutText(refused, damage.length),
    ],
    run: (context) => loadStep.run(onApproved(context)),
    undo: (context) => loadStep.undo(onApproved(context)),
    // its network is not ours: it may be away for minutes, and what is whole there stays
    retry: { times: 20, everyMs: 10_000 },
  })
  .step('prove', { ...proveStep, run: (context) => proveStep.run(onApproved(context)) })
  .step('name', {
    output: Named,
    says: ({ on, databases }) => {
      const where = `${databases.join(', ')} on ${on}`;
      return { todo: `Give it its names in ${where}`, done: `it has its names in ${where}` };
    },
    tells: ({ collections, views }, { on }) =>
      say`${counted(collections.length, 'collection')}${views.length > 0 ? `, ${counted(views.length, 'view')}` : ''} on ${on}: ${namesText([...collections, ...views])}. Nothing was replaced.`,
    observe: async () => notYet,
    run: (context) =>
      withTarget(onApproved(context).world, (target) =>
        nameRestored(target, context.done.load, viewsOf(context, target)),
      ),
    undo: (context) =>
      withTarget(onApproved(context).world, (target) =>
        unnameRestored(target, context.done.load, viewsOf(context, target)),
      ),
    timeoutMs: 300_000,
    retry: { times: 20, everyMs: 10_000 },
  })
  .build();
