import { say } from '#core';
import { type LostRegionWorld, type SweepDeps, sweepLeftovers as sweep } from '#failover';
import { inThread, type Timeline } from '#record';

/** Tries what unplanned failovers had to leave, and tells the run's thread, once, when nothing is left of it. */
export async function sweepLeftovers(
  lost: LostRegionWorld,
  deps: SweepDeps & { readonly timeline: Timeline },
): Promise<void> {
  for (const run of await sweep(lost, deps)) {
    await deps.timeline.append({
      ...inThread(run),
      id: `${run}/tidied`,
      kind: 'note',
      actor: 'holdfast',
      text: say`What had to be left is put right: DNS weights, configuration, the database's settings.`,
      notify: [],
      inThread: true,
      data: {},
    });
  }
}
