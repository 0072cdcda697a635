import { RequestId, type RequestId as Run } from '#core';
import { liftStaleBlocks } from '#failover';
import { askFollowUp, recheck, recordRunEvent, sweepRequests, voidRequest } from '#flows';
import { type Carrying, jobs } from '#jobs';
import { dueRuns } from '#workflow';
import { every } from './every.ts';
import type { Holdfast } from './open-holdfast.ts';

/** How many runs one worker carries side by side. */
const AT_ONCE = 4;

/**
 * Carries runs: woken by the queue, and by a look into the journal every second, so a dead queue only costs that
 * second. Returns how to stop; a run under way is then left to the next worker, which asks what already happened.
 */
export async function startWorker(holdfast: Holdfast): Promise<() => Promise<void>> {
  const { flow, wake, logger, leases, holder } = holdfast;
  const carried = new Set<Run>();
  const carrying: Carrying = {
    journal: flow.journal,
    locks: flow.locks,
    leases,
    clock: flow.clock,
    worker: holder,
    tell: async (event) => {
      const request = (await flow.requests.get(event.run.id))?.value;
      await recordRunEvent(flow.timeline, event, request);
      if (event.kind !== 'ended') return;
      if (event.run.failure?.code === 'PREVIEW_VOID') await voidRequest(event.run.id, flow);
      await askFollowUp(event.run, flow);
    },
    beforeStart: (run) => recheck(run, flow),
  };
  const carry = async (run: Run): Promise<void> => {
    if (carried.has(run) || carried.size >= AT_ONCE) return;
    carried.add(run);
    try {
      const record = (await flow.journal.get(run))?.value;
      const job = jobs.find(({ name }) => name === record?.workflow);
      if (record?.due && job) await job.carry(run, flow.world, carrying);
    } catch (error) {
      logger.warn({ err: error, run }, 'a run was left for the next worker');
    } finally {
      carried.delete(run);
    }
  };
  await wake.listen(async ({ runId }) => {
    // Whoever can write to Redis can put anything there; only the journal says what is to be done.
    const run = RequestId.safeParse(runId);
    if (run.success) void carry(run.data);
  });
  const stops = [
    every(
      1_000,
      'the look for due runs',
      async () => {
        for (const { id } of await dueRuns(flow.journal, 20)) void carry(id);
      },
      { clock: flow.clock, logger },
    ),
    every(1_000, 'the look for due requests', () => sweepRequests(flow), { clock: flow.clock, logger }),
    every(2_000, 'the look for stale write blocks', () => liftStaleBlocks(flow.world.move, holder), {
      clock: flow.clock,
      logger,
    }),
  ];
  logger.info('worker ready');
  return async () => {
    for (const stop of stops) await stop();
  };
}
