import type { RunRecord } from '#workflow';

/**
 * With which step a run of each workflow begins to change live data, or what is live. Runs of workflows that are not here
 * only read, or write where nobody else does.
 */
export const CHANGES_FROM: Readonly<Record<string, string>> = {
  'restore-swap': 'swap',
  'restore-undo': 'swap-back',
  failover: 'stop-writes',
  failback: 'shift-traffic',
};

/** When a run began to change data, and in which step; undefined when it changed none, or has not come to it yet. */
export function beganToChange({
  workflow,
  steps,
}: RunRecord): { readonly at: Date; readonly step: string } | undefined {
  const step = steps.find(({ name }) => name === CHANGES_FROM[workflow]);
  return step?.startedAt && { at: step.startedAt, step: step.name };
}
