import { asDrError } from '#core';
import type { Carrier } from './carrier.ts';
import type { AnyStep, AnyWorkflow } from './define-workflow.ts';
import { keepTrying } from './keep-trying.ts';
import { doneOutputs, failureOf, withDeadline } from './perform-step.ts';
import { eventKey } from './run-events.ts';
import type { Demand, Failure, RunRecord } from './run-record.ts';
import { withStep } from './with-step.ts';

/**
 * Undoes the steps from the last touched one backwards. Each undo is journaled like a step, so a crash in the middle
 * goes on where it was. An undo that fails ends the run as failed and not put back: a person must look, and the
 * steps before it stay as they are, because undoing around a hole may make things worse.
 * Returns the run as it should end; the caller journals that.
 */
export async function putBack<World>(
  workflow: AnyWorkflow<World>,
  carrier: Carrier<World>,
  because?: Failure | Demand,
): Promise<RunRecord> {
  let run = await carrier.journal.write((now) => ({
    ...now,
    state: 'putting-back',
    ...(because && 'code' in because ? { failure: because } : {}),
  }));
  const reason = because ?? run.stop ?? run.failure;
  if (reason) {
    await carrier.tell({ kind: 'putting-back', key: eventKey(run.id, 'putting-back'), run, because: reason });
  }
  for (const [index, step] of [...workflow.steps.entries()].reverse()) {
    const state = run.steps[index]?.state;
    if (!step.undo || state === 'pending' || state === 'undone') continue;
    try {
      run = await undoStep(step, index, run, carrier);
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.code === 'LEASE_LOST') throw error;
      const stuck = failureOf(error);
      const failure = { ...stuck, message: `Putting back "${step.name}" failed: ${stuck.message}` };
      return { ...run, state: 'failed', putBack: false, failure };
    }
    await carrier.tell({
      kind: 'step-undone',
      key: eventKey(run.id, 'step', step.name, 'undone'),
      run,
      step: step.name,
      text: [`Put back: ${step.says(run.input).todo}`],
    });
  }
  return { ...run, state: run.stop ? 'stopped' : 'failed', putBack: true };
}

async function undoStep<World>(
  step: AnyStep<unknown, World>,
  index: number,
  before: RunRecord,
  carrier: Carrier<World>,
): Promise<RunRecord> {
  const run = await carrier.journal.write((now) =>
    withStep(now, index, ({ progress: _old, ...record }) => ({ ...record, state: 'undoing' })),
  );
  const output = doneOutputs(before)[step.name] ?? before.steps[index]?.output;
  await keepTrying({ step, index, run }, carrier, () =>
    withDeadline(step, index, run, carrier, async (context) => step.undo?.(context, output), false),
  );
  return carrier.journal.write((now) =>
    withStep(now, index, ({ progress: _old, ...record }) => ({ ...record, state: 'undone' })),
  );
}
