import { createLeadership } from '#record';
import type { DetectorWorld } from './detector-world.ts';
import { told } from './finding.ts';
import { keepJudgement, readJudgement } from './health-records.ts';
import { type Judgement, judge } from './judge/judge.ts';
import { openMaintenance } from './maintenance.ts';
import { readReports } from './report.ts';
import { createSampling } from './samples.ts';

/** Whoever judges and dies is followed after this. */
const LEASE_MS = 10_000;

export interface Judge {
  /**
   * Judges if this process is the one who does and there is something new. What is found is told before it is kept: after a
   * crash in between it is told again, never lost. Answers with the judgement it made, if it made one.
   */
  judgeIfDue(): Promise<Judgement | undefined>;
  giveUp(): Promise<void>;
}

/** One judge at a time, whichever detector it is. */
export function createJudge(world: DetectorWorld): Judge {
  const { plan, store, leases, holder, clock, history, onFindings, onTrouble } = world;
  const leadership = createLeadership({ leases, clock, name: 'judge', holder, ttlMs: LEASE_MS });
  const sampling = createSampling();
  return {
    judgeIfDue: async () => {
      if (!(await leadership.hold(LEASE_MS / 5))) return undefined;
      const [reports, now, before] = await Promise.all([readReports(store), store.now(), readJudgement(store)]);
      const last = before?.value;
      const isDue =
        !last ||
        reports.some(({ at }) => at > last.at) ||
        now.getTime() - last.at.getTime() >= plan.detection.intervalSeconds * 1_000;
      if (!isDue) return undefined;
      const maintenance = await openMaintenance(store, now);
      const judgement = judge({ plan, now, reports, maintenance, before: last });
      // it may have taken long to read: whoever is not the one any more must not call people
      if (!(await leadership.hold(LEASE_MS / 5))) return undefined;
      await onFindings(told(judgement.findings));
      if (!(await keepJudgement(store, before, judgement))) return undefined;
      await history.add(sampling(judgement)).catch((error: unknown) => onTrouble('the history of health', error));
      return judgement;
    },
    giveUp: leadership.giveUp,
  };
}
