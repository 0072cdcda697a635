import { PersonId, RequestId, systemClock } from '#core';
import { type FailoverWorld, failbackWorkflow, failoverWorkflow, type MovePreview } from '#failover';
import type { ControlStore, Leases } from '#ports';
import {
  createRun,
  executeRun,
  type Journal,
  openJournal,
  openLocks,
  type RunEvent,
  type RunRecord,
  type RunState,
} from '#workflow';

export const john = { by: PersonId.parse('john-smith'), at: new Date('2026-11-23T08:00:00Z') };
export const requestNumber = (number: number): RequestId => RequestId.parse(`R-${number}`);

const WORKFLOWS = { 'planned failover': failoverWorkflow, failback: failbackWorkflow } as const;

export interface MoveBench {
  readonly journal: Journal;
  readonly events: RunEvent[];
  /** Writes the run that this preview describes into the journal. */
  create(run: RequestId, preview: MovePreview, reason?: string): Promise<void>;
  /** Carries it as one worker would. `change` may break the journal or the world of this worker. */
  execute(
    run: RequestId,
    change?: { world?: FailoverWorld; journal?: (journal: Journal) => Journal },
  ): Promise<RunState | 'busy'>;
  record(run: RequestId): Promise<RunRecord>;
}

/** Everything around a run of failover or failback, for one world. */
export function moveBench(world: FailoverWorld, store: ControlStore, leases: Leases): MoveBench {
  const journal = openJournal(store);
  const events: RunEvent[] = [];
  const told = new Set<string>();
  let workers = 0;
  const record = async (run: RequestId): Promise<RunRecord> => {
    const found = await journal.get(run);
    if (!found) throw new Error(`${run} is not in the journal`);
    return found.value;
  };
  const workflowOf = (name: string) => (name === 'failback' ? failbackWorkflow : failoverWorkflow);
  return {
    journal,
    events,
    record,
    create: async (id, preview, reason = 'east storage is slow') => {
      const { facts, limits } = preview;
      if (!facts) throw new Error(`nothing to run: ${preview.problems.map(({ message }) => message).join(' ')}`);
      const workflow = WORKFLOWS[facts.move];
      await createRun(journal, { id, workflow, input: { facts, limits, reason }, at: systemClock.now() });
    },
    execute: async (run, change = {}) => {
      workers += 1;
      return executeRun(workflowOf((await record(run)).workflow), run, {
        journal: change.journal ? change.journal(journal) : journal,
        locks: openLocks(store),
        leases,
        clock: systemClock,
        worker: `worker-${workers}`,
        world: change.world ?? world,
        tell: async (event) => {
          if (told.has(event.key)) return;
          told.add(event.key);
          events.push(event);
        },
        beforeStart: async () => undefined,
      });
    },
  };
}
