import { DrError } from '#core';
import { changeRecord } from '#ports';
import { enqueue } from '#queue';
import type { Flow } from './flow.ts';
import { holdOfRequest } from './hold-at.ts';
import type { RequestRecord } from './request-record.ts';
import { endCall } from './starts/tell-starts.ts';

/**
 * Puts an approved request's run into the journal, then wakes a worker. Idempotent: the request's number is the
 * run's. A dead queue is no reason to fail: workers look into the journal every second anyway.
 */
export async function startRun<World>(request: RequestRecord, flow: Flow<World>): Promise<void> {
  await endCall(request, flow);
  const stored = request.preview;
  const job = flow.jobs.find(({ name }) => name === stored?.preview.job);
  if (!stored || !job) throw new DrError('UNEXPECTED', 'bug', `${request.id} has no job to start.`);
  const at = await flow.store.now();
  await enqueue(job, job.workflow.input.parse(stored.preview.payload), request.id, {
    journal: flow.journal,
    wake: flow.wake,
    at,
    holdAt: holdOfRequest(request),
    onQueueDown: (error) => {
      flow.logger.warn({ err: error, run: request.id }, 'the queue did not take the wake; the sweep will find the run');
    },
  });
  const run = (await flow.journal.get(request.id))?.value;
  // The refused run of the round before, not yet put down by its worker: the sweep tries again until it is replaced.
  if (run?.state === 'refused' && run.createdAt < at) return;
  await changeRecord(flow.requests, request.id, (current) =>
    current.started || current.voids !== request.voids ? undefined : { ...current, started: true },
  );
}
