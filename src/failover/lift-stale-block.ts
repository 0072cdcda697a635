import { DrError, type RequestId } from '#core';
import type { FailoverWorld } from './world.ts';
import { liftWrites, type WriteBlock } from './write-block.ts';

/** Long enough to lift a block; a worker that dies in here keeps the run from others for no longer. */
const LEASE_MS = 10_000;

/**
 * Lifts every write block whose deadline has passed and whose run nobody carries. The run's own lease is taken for
 * that time: so no worker can be between "writes are blocked" and "make the other the primary" while we reopen, and
 * a frozen one that wakes up finds its lease gone. A block without a record of ours is left alone.
 * Returns the runs whose block was lifted. Safe to call at any time, by any number of workers.
 */
export async function liftStaleBlocks(
  world: Pick<FailoverWorld, 'replicaSet' | 'writeBlocks' | 'store' | 'leases'>,
  worker: string,
): Promise<RequestId[]> {
  const on = await world.writeBlocks.find({ where: { state: 'on' }, limit: 20 });
  const lifted: RequestId[] = [];
  for (const { value } of on) {
    if (value.liftBy > (await world.store.now())) continue;
    if (await liftOne(world, value, worker)) lifted.push(value.id);
  }
  return lifted;
}

async function liftOne(
  world: Pick<FailoverWorld, 'replicaSet' | 'writeBlocks' | 'store' | 'leases'>,
  block: WriteBlock,
  worker: string,
): Promise<boolean> {
  const lease = await world.leases.acquire(`run/${block.id}`, worker, LEASE_MS);
  if (!lease) return false;
  try {
    const now = (await world.writeBlocks.get(block.id))?.value;
    if (now?.state !== 'on' || now.liftBy > (await world.store.now())) return false;
    await liftWrites(world, block.id);
    return true;
  } catch (thrown) {
    // No primary at this moment: the next round asks again.
    if (thrown instanceof DrError && thrown.kind === 'transient') return false;
    throw thrown;
  } finally {
    await world.leases.release(lease);
  }
}
