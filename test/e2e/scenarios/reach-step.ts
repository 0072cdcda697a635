import type { RequestId } from '#core';
import { until } from '#sandbox/servers';
import type { RunRecord } from '#workflow';
import type { CompanyBench } from '../company-bench.ts';

/** Resolves as soon as the run is at this step, or has passed it. */
export const reachStep = (bench: CompanyBench, request: RequestId, step: string): Promise<RunRecord> =>
  until(
    `${request} comes to ${step}`,
    async () => {
      const run = await bench.run(request);
      const at = run?.steps.find(({ state }) => state !== 'done')?.name;
      const passed = run?.steps.some(({ name, state }) => name === step && state === 'done');
      return run && (passed || at === step) ? run : undefined;
    },
    { everyMs: 10, withinMs: 120_000 },
  );
