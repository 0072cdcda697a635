import { z } from 'zod';
import { counted, outside, RequestId, say, type Text } from '#core';
import { defineWorkflow, notYet } from '#workflow';
import { fetchStep } from './fetch-step.ts';
import { refuseUnfit } from './judge-cluster.ts';
import { Named, nameRestored, namesText, unnameRestored, viewsToName } from './name-restored.ts';
import { Naming } from './naming.ts';
import { onApproved, openApproved, SCRATCH } from './open-approved.ts';
import { pointOf, RestorePoint } from './restore-point.ts';
import { leftOutText, loadStep, openStep, proveStep } from './restore-steps.ts';
import { type RestoreWorld, withTarget } from './restore-world.ts';

/** What a run that restores to another cluster is given. */
export const RestoreOnInput = RestorePoint.extend({
  /** As plan.yaml calls it. */
  on: z.string(),
  /** Of the replica set that was behind that name when people approved; none where one is started for it. */
  setId: z.string().optional(),
  /** `database.collection` or `database.*`, by the names of the moment. */
  namespaces: z.array(z.string()).min(1),
  naming: z.union([z.literal('kept'), Naming]),
  /** Databases it writes to there. */
  databases: z.array(z.string()).min(1),
});
export type RestoreOnInput = z.output<typeof RestoreOnInput>;

const Reached = z.object({
  set: z.string(),
  primary: z.string(),
  version: z.string(),
  /** Where it was started for this run. */
  started: z.object({ run: RequestId, machine: z.string(), address: z.string(), addressFile: z.string() }).optional(),
});
type Reached = z.output<typeof Reached>;

/** All of it goes with the server. */
const isScratch = ({ on }: Pick<RestoreOnInput, 'on'>): boolean => on === SCRATCH;

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
    says: (input) =>
      isScratch(input)
        ? { todo: 'Start a recovery mongod', done: 'a recovery mongod runs' }
        : { todo: `Look whether ${input.on} can take it`, done: `${input.on} can take it` },
    tells: (reached, { on }) => reachedText(on, reached),
    // Looking changes nothing, and what was started for this run is found again.
    observe: async () => notYet,
    run: async ({ world, input, done, runId, signal }): Promise<Reached> => {
      const started = isScratch(input) ? await world.recovery.start(runId, signal) : undefined;
      const cluster = await openApproved(world, input, runId);
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
        const { set = '', primary, version } = there;
        return { set, primary, version, ...(started ? { started } : {}) };
      } finally {
        await cluster.close();
      }
    },
    // nothing was written: a cluster that can't take it keeps no other restore waiting
    undo: async ({ world, input, runId }) => (isScratch(input) ? world.recovery.stop(runId) : undefined),
    timeoutMs: 120_000,
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
    undo: async (context) => (isScratch(context.input) ? undefined : loadStep.undo(onApproved(context))),
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
        nameRestored(target, context.done.load, viewsToName(context, target)),
      ),
    undo: async (context) => {
      if (isScratch(context.input)) return;
      await withTarget(onApproved(context).world, (target) =>
        unnameRestored(target, context.done.load, viewsToName(context, target)),
      );
    },
    // time-series collections are copied
    timeoutMs: 6 * 3_600_000,
    retry: { times: 20, everyMs: 10_000 },
  })
  .build();

function reachedText(on: string, { set, primary, version, started }: Reached): Text {
  if (!started)
    return say`${on} can take it: replica set ${outside(set)}, primary ${outside(primary)}, MongoDB ${version}.`;
  const { run, machine, address, addressFile } = started;
  return say`A recovery mongod runs on ${outside(machine)} at ${address}, MongoDB ${version}, reached from there only. Its user and password are in ${outside(addressFile)} there. Stop it: /dr restore --stop ${run}.`;
}
