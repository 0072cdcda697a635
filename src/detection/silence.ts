import { at, formatDuration, say } from '#core';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';
import type { Finding } from './finding.ts';
import { gravest } from './judge/case.ts';
import { readReports } from './report.ts';

export const SILENT = 'detectors/silent';

/**
 * Whether any detector has reported within `silent_after_seconds`, as a finding: whoever is alive looks, since a detector
 * that is dead does not say so. `since`: when whoever asks began to look, by the control store's clock: after everything was down,
 * detectors have as long to come back. Throws STORE_UNAVAILABLE (transient).
 */
export async function lookForSilence(store: ControlStore, plan: Plan, since: Date): Promise<Finding> {
  const [reports, now] = await Promise.all([readReports(store), store.now()]);
  const newest = reports.reduce<Date | undefined>((last, each) => (last && last > each.at ? last : each.at), undefined);
  const from = newest ?? since;
  const silentMs = now.getTime() - from.getTime();
  const watchedMs = now.getTime() - since.getTime();
  const limitMs = plan.detection.silentAfterSeconds * 1_000;
  const isSilent = Math.min(silentMs, watchedMs) >= limitMs;
  const { severity, role } = gravest(plan);
  return {
    key: SILENT,
    check: 'detectors',
    state: isSilent ? 'failing' : 'well',
    since: isSilent ? from : now,
    severity,
    role,
    critical: false,
    breach: false,
    seenBy: [],
    title: 'No detector reports',
    cause: newest
      ? say`The last report is of ${at(newest)}, ${formatDuration(silentMs)} ago.`
      : ['No detector has ever reported.'],
    effect: [`Nobody sees whether ${plan.system.name} works: what breaks now calls nobody.`],
    next: 'node src/main.ts detector',
    hostile: false,
    numbers: { silentMs, limitMs },
    flapping: false,
  };
}
