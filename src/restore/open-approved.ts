import { DrError, type RequestId } from '#core';
import type { OtherCluster } from '#ports';
import type { RestoreWorld } from './restore-world.ts';

/** What stands for a database that the restore starts for itself; the plan calls no cluster so. */
export const SCRATCH = 'scratch';

/**
 * Which cluster people approved: what the plan calls it, and the id of the replica set that was behind the name then. One
 * that is started for the run has none yet.
 */
export interface ApprovedCluster {
  readonly on: string;
  readonly setId?: string | undefined;
}

/**
 * Opens the cluster that people approved. Throws NOT_ALLOWED (permanent) when another one is behind its name by now, and
 * what `openCluster` throws.
 */
export async function openApproved(
  world: RestoreWorld,
  { on, setId }: ApprovedCluster,
  run: RequestId,
): Promise<OtherCluster> {
  if (on === SCRATCH) return world.recovery.open(run);
  const cluster = await world.openCluster(on);
  try {
    const there = await cluster.describe();
    if (setId !== undefined && there.setId === setId) return cluster;
    throw new DrError('NOT_ALLOWED', 'permanent', `${on} leads to another replica set than was approved.`, {
      hint: 'Was its address changed? Ask again for the one that is meant: nothing was written there.',
      data: { approved: setId, found: there.setId },
    });
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** The same steps as of any restore, on the cluster that people approved and nowhere else. */
export const onApproved = <
  Context extends { readonly world: RestoreWorld; readonly input: ApprovedCluster; readonly runId: RequestId },
>(
  context: Context,
): Context => ({
  ...context,
  world: { ...context.world, openTarget: () => openApproved(context.world, context.input, context.runId) },
});
