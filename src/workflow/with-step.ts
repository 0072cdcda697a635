import type { RunRecord, StepRecord } from './run-record.ts';

/** The run with one of its steps changed. */
export function withStep(run: RunRecord, index: number, change: (step: StepRecord) => StepRecord): RunRecord {
  return { ...run, steps: run.steps.map((step, at) => (at === index ? change(step) : step)) };
}
