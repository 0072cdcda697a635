import { type RequestId, systemClock } from '#core';
import { type LostRegionWorld, type UnplannedPreview, unplannedWorkflow } from '#failover';
import type { ControlStore, Leases } from '#ports';
import { createRun, executeRun, type Journal, openJournal, openLocks, type RunEvent, type RunState } from '#workflow';

/** Everything around a run of an unplanned failover, for one world. */
export function unplannedBench(world: LostRegionWorld, store: ControlStore, leases: Leases) {
  const journal = openJournal(store);
  const events: RunEvent[] = [];
  let workers = 0;
  return {
    journal,
    events,
    record: async (run: RequestId) => {
      const found = await journal.get(run);
      if (!found) throw new Error(`${run} is not in the journal`);
      return found.value;
    },
    create: async (id: RequestId, found: UnplannedPreview) => {
      if ('problem' in found) throw found.problem;
      const { facts, limits } = found;
      const input = { facts, limits, reason: 'us-east-1 is gone' };
      await createRun(journal, { id, workflow: unplannedWorkflow, input, at: systemClock.now() });
    },
    /** Carries it as one worker would; `change` may break the journal or the world of this worker. */
    execute: (
      run: RequestId,
      change: {
        world?: LostRegionWorld;
        journal?: (journal: Journal) => Journal;
        workflow?: typeof unplannedWorkflow;
      } = {},
    ): Promise<RunState | 'busy'> => {
      workers += 1;
      return executeRun(change.workflow ?? unplannedWorkflow, run, {
        journal: change.journal ? change.journal(journal) : journal,
        locks: openLocks(store),
        leases,
        clock: systemClock,
        worker: `worker-${workers}`,
        world: change.world ?? world,
        tell: async (event) => void events.push(event),
        beforeStart: async () => undefined,
      });
    },
  };
}
