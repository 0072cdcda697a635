import { type IncidentsWorld, pageBlind } from '#incidents';
import type { Finding } from './signal.ts';

/** That the control store does not answer, and has not for as long as the plan bears; whoever looks says it. */
const NO_STORE = 'detectors/control-store';

/**
 * Nothing can be written down, and people must hear of it all the same: they are paged without a record, by the plan alone.
 * Nothing where the store was only away for a moment. Idempotent by the finding's key and day; never throws.
 */
export async function pageWithoutRecord(findings: readonly Finding[], incidents: IncidentsWorld): Promise<void> {
  const lost = findings.find(({ key, state }) => key === NO_STORE && state === 'failing');
  if (!lost) return;
  const { key, title, effect, since } = lost;
  await pageBlind(incidents, { key, title, effect, since });
}
