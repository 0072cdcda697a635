import { expect, test } from 'vitest';
import { systemClock } from '#core';
import { failbackWorkflow, failoverWorkflow, type MoveInput, previewFailback, previewFailover } from '#failover';
import type { StepContext } from '#workflow';
import { memoryWorld } from './memory-world.ts';
import { requestNumber } from './run-move.ts';
import { EAST, WEST } from './settings.ts';

const R1 = requestNumber(1);
/** Steps that change nothing that could be seen, or say that repeating them is harmless. */
const BLIND = ['validate-target', 'verify', 'tell-stakeholders', 'verify-region', 'complete'];

async function walk(
  workflow: typeof failoverWorkflow | typeof failbackWorkflow,
  company: ReturnType<typeof memoryWorld>,
) {
  const preview = workflow.name === 'failback' ? previewFailback : previewFailover;
  const to = workflow.name === 'failback' ? EAST : WEST;
  const { facts, limits } = await preview(company.world, { to }, systemClock);
  if (!facts) throw new Error('no facts');
  const input: MoveInput = { facts, limits, reason: 'test' };
  const done: Record<string, unknown> = {};
  const seen: { step: string; before: boolean; after: boolean; again: boolean }[] = [];
  for (const step of workflow.steps) {
    const context: StepContext<MoveInput, Record<string, unknown>, typeof company.world> = {
      runId: R1,
      input,
      done,
      world: company.world,
      clock: systemClock,
      signal: new AbortController().signal,
      report: () => undefined,
    };
    const before = (await step.observe(context)).happened;
    done[step.name] = step.output.parse(await step.run(context));
    const observed = await step.observe(context);
    if (observed.happened) step.output.parse(observed.output);
    // A second worker that did not ask must find everything done too, and must not undo or double anything.
    await step.run(context);
    const again = (await step.observe(context)).happened;
    seen.push({ step: step.name, before, after: observed.happened, again });
  }
  return seen;
}

test('each step sees in the world whether it has happened: not before, but after, also when it was run twice', async () => {
  const company = memoryWorld();
  for (const workflow of [failoverWorkflow, failbackWorkflow] as const) {
    for (const { step, before, after, again } of await walk(workflow, company)) {
      const expected = !BLIND.includes(step);
      expect([step, before, after, again]).toEqual([step, false, expected, expected]);
    }
  }
});
