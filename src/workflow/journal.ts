import { type Clock, DrError, type RequestId } from '#core';
import { type ControlStore, changeRecord, insertNew, type Records } from '#ports';
import type { Workflow } from './define-workflow.ts';
import { type ComingHold, type Demand, RunRecord, type RunState } from './run-record.ts';

/** Where runs are written down before anything is done. */
export type Journal = Records<RunRecord>;

export const openJournal = (store: ControlStore): Journal =>
  store.records<RunRecord>('runs', RunRecord, { indexed: ['due', 'state', 'workflow', 'endedAt'] });

/** The run of these workflows that was the last to end well; undefined where none did yet. */
export async function newestDone(
  journal: Pick<Journal, 'find'>,
  workflows: readonly string[],
): Promise<RunRecord | undefined> {
  const [newest] = await journal.find({
    where: { workflow: { in: workflows }, state: 'done' },
    sort: { by: 'endedAt', order: 'descending' },
    limit: 1,
  });
  return newest?.value;
}

/**
 * Writes a run into the journal, waiting for a worker. Idempotent by id: the request's number is the run's, so a
 * bot that crashed after the last approval may do it again. A run that was refused before its first step may be
 * written anew, because people approved a new preview. Throws ARGUMENTS_INVALID when the input does not fit.
 */
export async function createRun<Input>(
  journal: Journal,
  run: {
    id: RequestId;
    workflow: Workflow<string, Input, never>;
    input: unknown;
    at: Date;
    holdAt?: ComingHold | undefined;
  },
): Promise<void> {
  const input = run.workflow.input.safeParse(run.input);
  if (!input.success) {
    throw new DrError('ARGUMENTS_INVALID', 'bug', `${run.workflow.name} can't start from this input.`, {
      cause: input.error,
    });
  }
  const fresh: RunRecord = {
    id: run.id,
    workflow: run.workflow.name,
    input: input.data,
    state: 'waiting',
    due: true,
    steps: run.workflow.steps.map(({ name }) => ({ name, state: 'pending', attempts: 0 })),
    fence: 0,
    ...(run.holdAt ? { holdAt: [run.holdAt] } : {}),
    putBack: false,
    createdAt: run.at,
  };
  const seen = await journal.get(run.id);
  if (!seen) {
    await insertNew(journal, fresh);
  } else if (seen.value.state === 'refused' && !seen.value.due && seen.value.createdAt < run.at) {
    await journal.replace(seen, { ...fresh, fence: seen.value.fence });
  }
}

/** Runs in which a worker has something to do, oldest first. */
export async function dueRuns(journal: Journal, limit: number): Promise<RunRecord[]> {
  const found = await journal.find({
    where: { due: true },
    sort: { by: 'createdAt', order: 'ascending' },
    limit,
  });
  return found.map(({ value }) => value);
}

/**
 * A journal as one worker writes it: every write carries the lease's token. A worker that was frozen while another
 * took its run over finds a greater token here and stops (LEASE_LOST), instead of writing over its successor.
 */
export interface FencedJournal {
  read(): Promise<RunRecord>;
  write(change: (run: RunRecord) => RunRecord): Promise<RunRecord>;
}

export function fencedJournal(journal: Journal, runId: RequestId, token: number): FencedJournal {
  const guard = (run: RunRecord): RunRecord => {
    if (run.fence <= token) return run;
    throw new DrError('LEASE_LOST', 'transient', `Another worker took ${runId} over.`);
  };
  return {
    read: async () => guard(await readRun(journal, runId)),
    write: async (change) => {
      const written = await changeRecord(journal, runId, (run) => ({ ...change(guard(run)), fence: token }));
      if (written) return written;
      throw new DrError('NOT_FOUND', 'permanent', `There is no run ${runId} in the journal.`);
    },
  };
}

/** The run, or NOT_FOUND. */
export async function readRun(journal: Journal, runId: RequestId): Promise<RunRecord> {
  const found = await journal.get(runId);
  if (found) return found.value;
  throw new DrError('NOT_FOUND', 'permanent', `There is no run ${runId} in the journal.`);
}

/** Asks a run to hold after its present step. Idempotent: the first demand stays. WRONG_STATE when it is over. */
export const demandHold = (journal: Journal, runId: RequestId, demand: Demand): Promise<RunRecord> =>
  demandOf(journal, runId, ['waiting', 'running', 'held'], (run) => (run.hold ? run : { ...run, hold: demand }));

/**
 * Asks a run to hold by itself before a step that it has not come to. Idempotent. WRONG_STATE when it has come to it, or is over.
 */
export const demandHoldAt = (journal: Journal, runId: RequestId, point: ComingHold): Promise<RunRecord> =>
  demandOf(journal, runId, ['waiting', 'running', 'held'], (run) => {
    const first = run.steps.findIndex(({ state }) => state !== 'done');
    const index = run.steps.findIndex(({ name }) => name === point.step);
    const ahead = index > first || (index === first && run.state !== 'held' && run.steps[index]?.state === 'pending');
    if (!ahead) {
      throw new DrError('WRONG_STATE', 'user', `${runId} has come to ${point.step} already. Nothing was changed.`, {
        hint: `Look: /dr show ${runId}`,
      });
    }
    if (run.holdAt?.some(({ step }) => step === point.step)) return run;
    return { ...run, holdAt: [...(run.holdAt ?? []), point] };
  });

/** Asks a run to stop and put back. A held run wakes up to do so. WRONG_STATE when it is over or failed. */
export const demandStop = (journal: Journal, runId: RequestId, demand: Demand): Promise<RunRecord> =>
  demandOf(journal, runId, ['waiting', 'running', 'held', 'putting-back'], (run) => ({
    ...run,
    stop: run.stop ?? demand,
    state: run.state === 'held' ? 'running' : run.state,
    due: true,
  }));

/**
 * Lets a held run go on, or has a failed one try its step again. The step is first asked whether the world already
 * shows what it wants, so a step that somebody finished by hand is taken as done.
 */
export const demandGoOn = (journal: Journal, runId: RequestId): Promise<RunRecord> =>
  demandOf(
    journal,
    runId,
    ['running', 'held', 'failed'],
    ({ hold: _held, failure: _failed, stop, holdAt, ...run }) => ({
      ...run,
      ...(holdAt ? { holdAt: holdAt.filter(({ step }) => run.state !== 'held' || step !== nextStep(run)) } : {}),
      // A stop that could not be followed has had its answer; kept, it would be tried again and never let the run go on.
      ...(stop && run.state !== 'failed' ? { stop } : {}),
      state: 'running',
      due: true,
    }),
  );

const nextStep = ({ steps }: Pick<RunRecord, 'steps'>): string | undefined =>
  steps.find(({ state }) => state !== 'done')?.name;

/**
 * Declares a failed run finished with: it stays as it is, and the next one may start. Nothing is put back.
 */
export const demandClose = (journal: Journal, runId: RequestId, demand: Demand): Promise<RunRecord> =>
  demandOf(journal, runId, ['failed'], (run) => ({ ...run, closed: demand, due: true }));

/** Says of a run that is done that it is to stay so. Idempotent: the first word stays. */
export const demandCommit = (journal: Journal, runId: RequestId, demand: Demand): Promise<RunRecord> =>
  demandOf(journal, runId, ['done'], (run) => (run.committed ? run : { ...run, committed: demand }));

async function demandOf(
  journal: Journal,
  runId: RequestId,
  from: readonly RunState[],
  change: (run: RunRecord) => RunRecord,
): Promise<RunRecord> {
  const changed = await changeRecord(journal, runId, (run) => {
    if (from.includes(run.state) && !run.putBack) return change(run);
    throw new DrError('WRONG_STATE', 'user', `${runId} is ${run.state}. Nothing was changed.`, {
      hint: `Look: /dr show ${runId}`,
    });
  });
  if (changed) return changed;
  throw new DrError('REQUEST_UNKNOWN', 'user', `${runId} has not started. Nothing was changed.`);
}

/** Every so often a worker looks for what people ask of its run. */
export async function watchDemands(
  journal: FencedJournal,
  clock: Clock,
  signal: AbortSignal,
  onStop: (demand: Demand) => void,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(500, signal).catch(() => undefined);
    if (signal.aborted) return;
    const run = await journal.read().catch(() => undefined);
    if (run?.stop) return onStop(run.stop);
  }
}
