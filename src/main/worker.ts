import { DrError, type RequestId } from '#core';
import { type LostRegionWorld, liftStaleBlocks } from '#failover';
import { recheck, sweepLeftovers, sweepRecovery, sweepRequests, tellRun } from '#flows';
import { type Carrying, jobs } from '#jobs';
import { createReconciler } from '#queue';
import { dueRuns } from '#workflow';
import { archiveUnderLease } from './archive.ts';
import { watchDetectors } from './detector.ts';
import { every } from './every.ts';
import { onFindings, startIncidents } from './incidents.ts';
import type { Holdfast } from './open-holdfast.ts';
import { watchFence } from './region-leases.ts';
import { openScheduler } from './schedules.ts';
import { startWatch } from './watch.ts';

/** Hours end on the hour; nobody waits for their archive. */
const ARCHIVE_MS = 300_000;

/** The control API of a lost region comes back in its own time; nobody is kept from anything by it. */
const LEFTOVERS_MS = 10_000;

/** How many runs one worker carries side by side. */
const AT_ONCE = 4;

/**
 * Carries runs: woken by the queue, and by a look into the journal every second, so a dead queue only costs that
 * second. Returns how to stop; a run under way is then left to the next worker, which asks what already happened.
 */
export async function startWorker(holdfast: Holdfast): Promise<() => Promise<void>> {
  const { flow, wake, logger, holder } = holdfast;
  const carrying = carryingOf(holdfast);
  const reconciler = createReconciler({
    wake,
    clock: flow.clock,
    due: async () => (await dueRuns(flow.journal, 20)).map(({ id }) => id),
    claim: async (run: RequestId) => {
      const record = (await flow.journal.get(run))?.value;
      const job = jobs.find(({ workflow }) => workflow.name === record?.workflow);
      if (record?.due && job) await job.carry(run, flow.world, carrying);
    },
    sweepEveryMs: 1_000,
    atOnce: AT_ONCE,
    onTrouble: (what, error) => logger.warn({ err: error }, what),
  });
  await reconciler.start();
  const scheduler = openScheduler(holdfast);
  scheduler.start();
  const around = { clock: flow.clock, logger };
  const stops = [
    every(1_000, 'the look for due requests', () => sweepRequests(flow), around),
    every(5_000, 'the look for recovery servers to stop', () => sweepRecovery(flow.world), around),
    every(2_000, 'the look for stale write blocks', () => liftStaleBlocks(flow.world.move, holder), around),
    every(LEFTOVERS_MS, 'the look for what lost regions left to do', () => sweepWhenWhole(holdfast), around),
    every(ARCHIVE_MS, 'archiving what was captured', () => archiveUnderLease(holdfast), around),
  ];
  stops.push(
    watchFence(holdfast),
    startWatch(holdfast),
    startIncidents(holdfast),
    watchDetectors(holdfast, onFindings(holdfast)),
  );
  logger.info('worker ready');
  return async () => {
    await Promise.all([reconciler.stop(), scheduler.stop(), ...stops.map((stop) => stop())]);
  };
}

/** Where a part of the unplanned failover is not there, none was run and nothing is left of it. */
async function sweepWhenWhole({ flow, leases, holder }: Holdfast): Promise<void> {
  const { world, journal, locks, clock, timeline } = flow;
  let lost: LostRegionWorld;
  try {
    lost = world.lostRegion();
  } catch (thrown) {
    if (thrown instanceof DrError && thrown.kind === 'user') return;
    throw thrown;
  }
  await sweepLeftovers(lost, { journal, locks, leases, clock, worker: holder, timeline });
}

/** What this worker brings to every run: where it is written down, told, and what is asked before its first step. */
function carryingOf({ flow, leases, holder }: Holdfast): Carrying {
  return {
    journal: flow.journal,
    locks: flow.locks,
    leases,
    clock: flow.clock,
    worker: holder,
    tell: (event) => tellRun(event, flow),
    beforeStart: (run) => recheck(run, flow),
  };
}
