import { z } from 'zod';
import { say } from '#core';
import { notYet } from '#workflow';
import { rolesAre } from '../member-roles.ts';
import { holdForMove, prepareMove, settleRoles } from '../move-primary.ts';
import { liftWritesWithin } from '../write-block.ts';
import { backward, type Context, forward, moverOf, type Step } from './step.ts';

export const WritesStopped = z.object({
  /** By the control store's clock. */
  from: z.date(),
  transactionsEnded: z.number().int(),
  /** The members as they were right before. */
  members: z.array(
    z.object({
      host: z.string(),
      votes: z.number(),
      state: z.enum(['primary', 'secondary', 'arbiter', 'recovering', 'rollback', 'unreachable']),
    }),
  ),
});
export type WritesStopped = z.output<typeof WritesStopped>;

/** Step 2: everything that can be prepared with writes open, then the block. From here on drivers wait. */
export const stopWrites: Step<unknown, WritesStopped> = {
  output: WritesStopped,
  says: ({ facts }) => ({ todo: `Stop writes in ${facts.from}`, done: `writes stopped in ${facts.from}` }),
  tells: (_, { facts }) => say`Writes stopped in ${facts.from}.`,
  observe: async ({ world, runId }) => {
    const [record, view] = await Promise.all([world.writeBlocks.get(runId), world.replicaSet.look()]);
    const from = record?.value.state === 'on' ? record.value.pauses.at(-1)?.from : undefined;
    const blocked = view.members.some(({ state, blocked }) => state === 'primary' && blocked);
    if (!from || !blocked) return notYet;
    return { happened: true, output: { from, transactionsEnded: 0, members: seenIn(view.members) } };
  },
  run: async (context) => {
    // First, so that instances there have renewed long before a driver comes; and what is observed after it implies it.
    await context.world.fence.open(context.input.facts.to, context.runId);
    const transactionsEnded = await prepareMove(moverOf(context), forward(context));
    const { members } = await context.world.replicaSet.look();
    const { from } = await holdForMove(moverOf(context), forward(context));
    return { from, transactionsEnded, members: seenIn(members) };
  },
  undo: async (context) => {
    await liftWritesWithin(context.world, context.runId, 30_000, context.clock);
    await restoreRoles(context);
    await context.world.fence.close(context.input.facts.to, context.runId);
  },
  timeoutMs: 60_000,
  retry: { times: 3, everyMs: 500 },
};

const seenIn = (members: readonly WritesStopped['members'][number][]): WritesStopped['members'] =>
  members.map(({ host, votes, state }) => ({ host, votes, state }));

/** The priorities of before, unless the primary has moved: then putting that back puts them back too. */
async function restoreRoles(context: Context): Promise<void> {
  const { replicaSet } = context.world;
  const { after, to } = backward(context);
  if ((await replicaSet.primary()) !== to) return;
  if (!rolesAre((await replicaSet.look()).members, after)) await settleRoles(moverOf(context), after);
}
