import type { Clock, RequestId } from '#core';
import { changeRecord, type Leases } from '#ports';
import { type Journal, type Locks, lockHolder, newestDone } from '#workflow';
import type { Leftover } from './leftovers.ts';
import type { LostRegionWorld } from './lost-region-world.ts';
import { tidy } from './tidy.ts';

export interface SweepDeps {
  readonly journal: Journal;
  readonly locks: Locks;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly worker: string;
}

/** The workflows after which the weights of an older move are nobody's wish any more. */
export const MOVES = ['failover', 'failback', 'unplanned-failover', 'cold-failover'];
/** Longer than one round of it; a worker that dies in here keeps it from others for no longer. */
const LEASE_MS = 30_000;

/**
 * Tries again what unplanned failovers had to leave. Never while a move is under way, and never after another one: weights of
 * yesterday would send drivers to the wrong region. Returns the runs of which nothing is left. Safe for any number of workers.
 */
export async function sweepLeftovers(world: LostRegionWorld, deps: SweepDeps): Promise<RequestId[]> {
  const due = await world.leftovers.find({ where: { state: 'due' }, limit: 20 });
  const finished: RequestId[] = [];
  for (const { value } of due) {
    const lease = await deps.leases.acquire(`leftover/${value.id}`, deps.worker, LEASE_MS);
    if (!lease) continue;
    try {
      if (await sweepOne(world, value, deps)) finished.push(value.id);
    } finally {
      await deps.leases.release(lease);
    }
  }
  return finished;
}

async function sweepOne(world: LostRegionWorld, leftover: Leftover, deps: SweepDeps): Promise<boolean> {
  const holder = await lockHolder(deps.locks, deps.journal, 'failover');
  // Its own run tries by itself; another move may be about to change the same. A rebuild or a merge is not, and what people do after
  // them is the way back, whose preview must not change under their hands.
  if (holder && MOVES.includes(holder.workflow)) return false;
  const newest = await newestDone(deps.journal, MOVES);
  if (newest?.endedAt && newest.id !== leftover.id && newest.endedAt > leftover.at) {
    await changeRecord(world.leftovers, leftover.id, (now) => ({ ...now, state: 'overtaken' as const }));
    return false;
  }
  return (await tidy(world, leftover, deps.clock)).length === 0;
}
