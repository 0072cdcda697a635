import { asDrError, type DrError, type RequestId } from '#core';
import type { WakeQueue } from '#ports';
import { type ComingHold, createRun, type Journal, type Workflow } from '#workflow';

/** The part of a job that starting it needs: its name and the workflow its payload belongs to. */
export interface Enqueueable<Input> {
  readonly name: string;
  readonly workflow: Workflow<string, Input, never>;
}

export interface EnqueueParts {
  readonly journal: Journal;
  readonly wake: WakeQueue;
  /** When, by the store's clock. */
  readonly at: Date;
  /** A step before which the run holds by itself. */
  readonly holdAt?: ComingHold | undefined;
  /** Told when the queue did not take the wake; the run is in the journal and the sweep finds it. */
  readonly onQueueDown: (error: DrError) => void;
}

/**
 * Starts a job: its run is in the journal when this resolves, whether or not the queue answers. Idempotent by run id.
 * A payload of another job does not compile. Throws STORE_UNAVAILABLE (transient): repeat it with the same id.
 */
export async function enqueue<Input>(
  job: Enqueueable<Input>,
  payload: NoInfer<Input>,
  runId: RequestId,
  { journal, wake, at, holdAt, onQueueDown }: EnqueueParts,
): Promise<void> {
  await createRun(journal, { id: runId, workflow: job.workflow, input: payload, at, holdAt });
  try {
    await wake.wake({ job: job.name, runId });
  } catch (thrown) {
    onQueueDown(asDrError(thrown));
  }
}
