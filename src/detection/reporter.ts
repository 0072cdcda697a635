import { asDrError, at, formatDuration, say } from '#core';
import type { DetectorWorld } from './detector-world.ts';
import type { Finding } from './finding.ts';
import { gravest } from './judge/case.ts';
import { probeKey, type Seen } from './probe.ts';
import { readReports, writeReport } from './report.ts';
import { type Stand, track } from './track.ts';

export const STORE_SILENT = 'detectors/control-store';

export interface Reporter {
  /**
   * Adds a round to what is known and writes the report. `isNew`: this process speaks for the region since just now, and goes
   * on from the last report. That the report can't be written is itself told, once it has lasted.
   */
  report(seen: readonly Seen[], roundMs: number, isNew: boolean): Promise<void>;
}

export function createReporter(world: DetectorWorld): Reporter {
  const { plan, region, holder, store, clock, onFindings } = world;
  let stands = new Map<string, Stand>();
  let rounds = 0;
  let lost: { readonly sinceMs: number; readonly since: Date } | undefined;

  const goOn = async (): Promise<void> => {
    const last = (await readReports(store)).find(({ id }) => id === region);
    stands = new Map(last?.stands.map((stand) => [stand.key, stand]));
    rounds = last?.rounds ?? 0;
  };

  return {
    report: async (seen, roundMs, isNew) => {
      const now = await store.now().catch(asDrError);
      const isKnown = now instanceof Date;
      if (isKnown && isNew) await goOn();
      const when = isKnown ? now : clock.now();
      stands = new Map(
        seen.map((each) => [probeKey(each.probe), track(stands.get(probeKey(each.probe)), each, when, plan)]),
      );
      rounds += 1;
      try {
        if (!isKnown) throw now;
        await writeReport(store, {
          id: region,
          detector: holder,
          at: when,
          rounds,
          roundMs,
          stands: [...stands.values()],
        });
        if (lost) await onFindings([storeFinding(world, { ...lost, isLost: false })]);
        lost = undefined;
      } catch (thrown) {
        lost ??= { sinceMs: clock.monotonicMs(), since: clock.now() };
        const lastsMs = clock.monotonicMs() - lost.sinceMs;
        if (lastsMs < plan.detection.silentAfterSeconds * 1_000) throw thrown;
        await onFindings([storeFinding(world, { ...lost, isLost: true })]);
      }
    },
  };
}

/** Told by every detector that notices: without its store none of them knows of the others. */
function storeFinding(
  { plan, region, clock }: DetectorWorld,
  { since, isLost }: { readonly since: Date; readonly isLost: boolean },
): Finding {
  const { severity, role } = gravest(plan);
  const silentMs = clock.now().getTime() - since.getTime();
  return {
    key: STORE_SILENT,
    check: 'detectors',
    state: isLost ? 'failing' : 'well',
    since,
    severity,
    role,
    critical: false,
    breach: false,
    seenBy: [region],
    title: "Holdfast's control store does not answer",
    cause: say`Asked from ${region} since ${at(since)}, ${formatDuration(silentMs)} ago. Two of its three members must be up.`,
    effect: ['Nothing can be asked, approved or judged. Runs wait; what was captured stays where it is.'],
    next: 'dr doctor',
    hostile: false,
    numbers: { silentMs },
    flapping: false,
  };
}
