import { asDrError } from '#core';
import type { Carrier } from './carrier.ts';
import type { AnyStep } from './define-workflow.ts';
import type { RunRecord } from './run-record.ts';
import { stepTrouble } from './step-trouble.ts';

/**
 * Does one step, or puts it back, again for passing faults, as often as the step allows, and says so while it does. `attempt`
 * counts from 0. Rejects with the fault that was not passing or came once too often, and with the lease's end.
 */
export async function keepTrying<World, Result>(
  { step, index, run }: { readonly step: AnyStep<unknown, World>; readonly index: number; readonly run: RunRecord },
  carrier: Carrier<World>,
  act: (attempt: number) => Promise<Result>,
): Promise<Result> {
  const trouble = stepTrouble(step, index, run, carrier);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await act(attempt);
    } catch (thrown) {
      const error = asDrError(thrown);
      if (error.kind !== 'transient' || attempt >= step.retry.times || carrier.lease.signal.aborted) throw error;
      await trouble(error);
      await carrier.clock.sleep(step.retry.everyMs, carrier.lease.signal);
    }
  }
}
