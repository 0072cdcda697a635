import { z } from 'zod';
import { formatDuration, say } from '#core';
import { notYet, type Observation } from '#workflow';
import { rolesAre } from '../member-roles.ts';
import { moveWhileHeld, type PrimaryMove, prepareMove, type Seen, settleRoles } from '../move-primary.ts';
import { Pauses } from '../receipt.ts';
import { liftWritesWithin, pausesOf } from '../write-block.ts';
import { backward, type Context, forward, moverOf, type Step } from './step.ts';
import type { WritesStopped } from './stop-writes.ts';

export const Promoted = z.object({ primary: z.string(), term: z.number().int(), pauses: Pauses });
export type Promoted = z.output<typeof Promoted>;

/** Step 3: the pause proper. Ends with writes open, in the new region or, when it takes too long, in the old one. */
export const promote: Step<{ readonly 'stop-writes': WritesStopped }, Promoted> = {
  output: Promoted,
  says: ({ facts }) => ({ todo: `Make ${facts.to} the primary database`, done: `${facts.to} is primary` }),
  tells: (output, { facts }) => [...say`${facts.to} is primary, term ${output.term}. ${acceptedAgain(output.pauses)}`],
  observe: (context) => observeMoved(context, forward(context)),
  run: async (context) => moved(context, forward(context), context.done['stop-writes'].members),
  undo: async (context) => movePrimaryBack(context),
  timeoutMs: 120_000,
  retry: { times: 5, everyMs: 100 },
};

export const acceptedAgain = (pauses: Pauses): string => {
  const last = pauses.at(-1);
  return last ? `Writes accepted again after ${formatDuration(last.ms)}.` : 'Writes are accepted.';
};

/** Whether the move is over: the right primary, open for writes, every role in place, and our block noted as lifted. */
export async function observeMoved({ world, runId }: Context, move: PrimaryMove): Promise<Observation<Promoted>> {
  const [record, view] = await Promise.all([world.writeBlocks.get(runId), world.replicaSet.look()]);
  const open = view.members.some(({ host, writable }) => host === move.to && writable);
  if (!open || record?.value.state === 'on' || !rolesAre(view.members, move.after)) return notYet;
  const { term } = await world.replicaSet.appliedOn(move.to);
  return { happened: true, output: { primary: move.to, term, pauses: pausesOf(record?.value) } };
}

/** Moves the primary, whatever part of it was done already. */
export async function moved(context: Context, move: PrimaryMove, seen: readonly Seen[]): Promise<Promoted> {
  const pauses = await moveWhileHeld(moverOf(context), move, seen);
  const { term } = await context.world.replicaSet.appliedOn(move.to);
  return { primary: move.to, term, pauses };
}

/**
 * Back to the old primary and the old roles. Writes pause again for as long, unless the primary never left: then only
 * the block, if it is still on, is lifted.
 */
export async function movePrimaryBack(context: Context): Promise<void> {
  const { world, runId, clock } = context;
  await liftWritesWithin(world, runId, 30_000, clock);
  const move = backward(context);
  const { members } = await world.replicaSet.look();
  const atHome = members.some(({ host, state }) => host === move.to && state === 'primary');
  if (atHome && rolesAre(members, move.after)) return;
  if (atHome) return settleRoles(moverOf(context), move.after);
  await prepareMove(moverOf(context), move);
  await moveWhileHeld(moverOf(context), move, (await world.replicaSet.look()).members);
}
