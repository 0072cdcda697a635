import type { Journal } from './journal.ts';

/** What a step usually takes and the worst seen, in milliseconds, over the last runs that ended well. */
export interface StepHistory {
  readonly runs: number;
  readonly steps: ReadonlyMap<string, { readonly usualMs: number; readonly worstMs: number }>;
  readonly totalUsualMs: number;
}

const RUNS_LOOKED_AT = 20;

/** Times of the newest runs of one workflow. `runs` is 0 when it never ran here: then nothing is known, and said so. */
export async function stepHistory(journal: Journal, workflow: string): Promise<StepHistory> {
  const runs = await journal.find({
    where: { workflow, state: 'done' },
    sort: { by: 'endedAt', order: 'descending' },
    limit: RUNS_LOOKED_AT,
  });
  const times = new Map<string, number[]>();
  for (const { value } of runs) {
    for (const { name, tookMs } of value.steps) {
      if (tookMs !== undefined) times.set(name, [...(times.get(name) ?? []), tookMs]);
    }
  }
  const steps = new Map(
    [...times].map(([name, taken]) => [name, { usualMs: median(taken), worstMs: Math.max(...taken) }]),
  );
  const totalUsualMs = [...steps.values()].reduce((sum, { usualMs }) => sum + usualMs, 0);
  return { runs: runs.length, steps, totalUsualMs };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
