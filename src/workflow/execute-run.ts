import { asDrError, DrError, type RequestId, type Text } from '#core';
import type { Carrier, RunnerDeps } from './carrier.ts';
import type { AnyStep, AnyWorkflow } from './define-workflow.ts';
import { releaseLock, takeLock } from './exclusive-lock.ts';
import { holdLease } from './held-lease.ts';
import { fencedJournal, type Journal } from './journal.ts';
import { failureOf, performStep } from './perform-step.ts';
import { putBack } from './put-back.ts';
import { eventKey } from './run-events.ts';
import { isMoving, isOver, type RunRecord, type RunState } from './run-record.ts';

/**
 * Carries one run as far as it goes: to its end, to a hold, or to a failure. Safe to call for any run at any time
 * and from any number of workers: the lease lets one in, the journal says where to go on.
 * Returns the state it left the run in, or 'busy' when another worker carries it.
 */
export async function executeRun<World>(
  workflow: AnyWorkflow<World>,
  runId: RequestId,
  deps: RunnerDeps<World>,
): Promise<RunState | 'busy'> {
  const lease = await holdLease(deps.leases, `run/${runId}`, deps.worker, deps.clock);
  if (!lease) return 'busy';
  try {
    return await carry(
      workflow,
      { ...deps, lease, journal: fencedJournal(deps.journal, runId, lease.token) },
      deps.journal,
    );
  } finally {
    await lease.release();
  }
}

async function carry<World>(
  workflow: AnyWorkflow<World>,
  carrier: Carrier<World>,
  journal: Journal,
): Promise<RunState> {
  let run = await carrier.journal.read();
  if (!run.due) return run.state;
  if (!isMoving(run)) return settle(workflow, run, carrier);
  if (run.state === 'waiting') {
    const refusal = await begin(workflow, run, carrier, journal).catch(asDrError);
    if (refusal) return refuse(workflow, run, carrier, refusal);
    run = await carrier.journal.write((now) => ({
      ...now,
      state: 'running',
      worker: carrier.worker,
      startedAt: now.startedAt ?? carrier.clock.now(),
    }));
    await retell(workflow, run, carrier);
  } else {
    // Its own still, unless it failed, let the lock go, and was told to go on: then it waits for its turn like anybody.
    if (workflow.exclusive) await takeLock(carrier.locks, journal, workflow.exclusive, run.id);
    await retell(workflow, run, carrier);
    if (run.worker !== carrier.worker) run = await takeOver(run, carrier);
  }
  if (run.state === 'putting-back') return end(workflow, await putBack(workflow, carrier), carrier);
  return goForward(workflow, run, carrier);
}

/** Everything that must hold before the first step: the lock, the approvals, the preview. */
async function begin<World>(
  workflow: AnyWorkflow<World>,
  run: RunRecord,
  carrier: Carrier<World>,
  journal: Journal,
): Promise<undefined> {
  if (run.stop) throw new DrError('STOPPED', 'user', `Stopped before it started.`);
  if (workflow.exclusive) await takeLock(carrier.locks, journal, workflow.exclusive, run.id);
  await carrier.beforeStart(run);
}

async function refuse<World>(
  workflow: AnyWorkflow<World>,
  run: RunRecord,
  carrier: Carrier<World>,
  refusal: DrError,
): Promise<RunState> {
  // Nothing was touched yet, so a passing fault is no reason to give the run up: the next sweep asks again.
  if (refusal.kind === 'transient') throw refusal;
  return end(workflow, { ...run, state: 'refused', failure: failureOf(refusal) }, carrier);
}

async function takeOver<World>(run: RunRecord, carrier: Carrier<World>): Promise<RunRecord> {
  const from = run.worker ?? 'nobody';
  const taken = await carrier.journal.write((now) => ({ ...now, worker: carrier.worker }));
  const step = taken.steps.find(({ state }) => state === 'started' || state === 'undoing');
  const lastSeen = step?.startedAt ?? run.startedAt;
  await carrier.tell({
    kind: 'taken-over',
    key: eventKey(run.id, 'taken-over', carrier.lease.token),
    run: taken,
    from,
    step: step?.name,
    lostMs: lastSeen ? Math.max(0, carrier.clock.now().getTime() - lastSeen.getTime()) : 0,
  });
  return taken;
}

/** Tells the start and every finished step again: a predecessor may have died between doing and telling. Each fact is kept once. */
async function retell<World>(workflow: AnyWorkflow<World>, run: RunRecord, carrier: Carrier<World>): Promise<void> {
  await carrier.tell({ kind: 'started', key: eventKey(run.id, 'started'), run });
  for (const [index, record] of run.steps.entries()) {
    const step = workflow.steps[index];
    if (step && record.state === 'done') await tellDone(step, index, run, carrier);
  }
}

async function tellDone<World>(
  step: AnyStep<unknown, World>,
  index: number,
  run: RunRecord,
  carrier: Carrier<World>,
): Promise<void> {
  const record = run.steps[index];
  const text: Text = step.tells?.(step.output.parse(record?.output), run.input) ?? [step.says(run.input).done];
  await carrier.tell({
    kind: 'step-done',
    key: eventKey(run.id, 'step', step.name, 'done'),
    run,
    step: step.name,
    position: index + 1,
    text,
    tookMs: record?.tookMs,
  });
}

async function goForward<World>(
  workflow: AnyWorkflow<World>,
  start: RunRecord,
  carrier: Carrier<World>,
): Promise<RunState> {
  let run = start;
  for (const [index, step] of workflow.steps.entries()) {
    if (run.steps[index]?.state === 'done') continue;
    run = await carrier.journal.read();
    if (run.stop && isReversible(workflow, index - 1)) {
      return end(workflow, await putBack(workflow, carrier, run.stop), carrier);
    }
    if (run.hold || isHoldPoint(run, index)) return hold(run, index, carrier);
    const outcome = await performStep(step, index, run, carrier);
    if (outcome.kind === 'failed') return fail(workflow, index, outcome.run, outcome.error, carrier);
    run = outcome.run;
    await tellDone(step, index, run, carrier);
  }
  return end(workflow, { ...run, state: 'done' }, carrier);
}

/** Before the step from which a run only goes forward has started, everything can still be put back. */
function isReversible<World>(workflow: AnyWorkflow<World>, started: number): boolean {
  const forward = workflow.steps.findIndex(({ name }) => name === workflow.forwardFrom);
  return forward === -1 || started < forward;
}

/** Told to hold before this step, which has not begun: one that failed there and is tried again goes on. */
const isHoldPoint = ({ steps, holdAt }: RunRecord, index: number): boolean =>
  steps[index]?.state === 'pending' && (holdAt ?? []).some(({ step }) => step === steps[index]?.name);

async function hold<World>(run: RunRecord, index: number, carrier: Carrier<World>): Promise<RunState> {
  const held = await carrier.journal.write((now) => {
    if (now.hold) return { ...now, state: 'held' };
    const point = now.holdAt?.find(({ step }) => step === now.steps[index]?.name);
    if (!point) return now;
    const { step, ...demand } = point;
    const rest = now.holdAt?.filter((each) => each !== point);
    return { ...now, state: 'held', hold: { ...demand, at: carrier.clock.now(), point: step }, holdAt: rest };
  });
  // Released between our reading and our writing: go on.
  if (held.state !== 'held') return held.state;
  return settleHold(run, held, carrier);
}

async function fail<World>(
  workflow: AnyWorkflow<World>,
  index: number,
  run: RunRecord,
  error: DrError,
  carrier: Carrier<World>,
): Promise<RunState> {
  const reversible = isReversible(workflow, index);
  if (error.code === 'STOPPED' && run.stop && reversible) {
    return end(workflow, await putBack(workflow, carrier, run.stop), carrier);
  }
  const step = workflow.steps[index];
  const failure = failureOf(error);
  await carrier.tell({
    kind: 'step-failed',
    key: eventKey(run.id, 'step', step?.name ?? index, 'failed', run.steps[index]?.attempts ?? 0),
    run,
    step: step?.name ?? '',
    position: index + 1,
    failure,
  });
  const undoable = workflow.steps.slice(0, index + 1).some(({ undo }) => undo);
  if (reversible && undoable) return end(workflow, await putBack(workflow, carrier, failure), carrier);
  return end(workflow, { ...run, state: 'failed', failure }, carrier);
}

/** Journals the end, then tells it. `due` stays until it is told, so that a crash in between is made good. */
async function end<World>(workflow: AnyWorkflow<World>, ended: RunRecord, carrier: Carrier<World>): Promise<RunState> {
  const run = await carrier.journal.write((now) => ({
    ...now,
    state: ended.state,
    putBack: ended.putBack,
    ...(ended.failure ? { failure: ended.failure } : {}),
    endedAt: carrier.clock.now(),
  }));
  return settle(workflow, run, carrier);
}

/** What is left to do for a run that moves no further: let the lock go, tell, and say that nothing is due. */
async function settle<World>(workflow: AnyWorkflow<World>, run: RunRecord, carrier: Carrier<World>): Promise<RunState> {
  if (run.state === 'held') return settleHold(run, run, carrier);
  if (workflow.exclusive && (isOver(run) || !leavesHalfDone(workflow)))
    await releaseLock(carrier.locks, workflow.exclusive, run.id);
  await carrier.tell({ kind: 'ended', key: eventKey(run.id, 'ended', run.endedAt?.getTime() ?? 0), run });
  await carrier.journal.write((now) => (now.state === run.state ? { ...now, due: false } : now));
  return run.state;
}

/**
 * Whether a failure may leave something that another run would stumble over. A backup leaves nothing: one that failed
 * must not keep the next night's from being taken until somebody comes.
 */
const leavesHalfDone = ({ steps, forwardFrom }: AnyWorkflow<never>): boolean =>
  forwardFrom !== undefined || steps.some(({ undo }) => undo !== undefined);

async function settleHold<World>(before: RunRecord, held: RunRecord, carrier: Carrier<World>): Promise<RunState> {
  const demand = held.hold;
  if (demand) {
    const after = before.steps.filter(({ state }) => state === 'done').at(-1)?.name;
    await carrier.tell({ kind: 'held', key: eventKey(held.id, 'held', demand.at.getTime()), run: held, after, demand });
  }
  await carrier.journal.write((now) => (now.state === 'held' ? { ...now, due: false } : now));
  return held.state;
}
