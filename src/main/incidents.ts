import { asDrError, type Region } from '#core';
import { servedWeights } from '#failover';
import { type Finding, type HoldfastWorld, type IncidentFlow, incidentDuties, takeFindings } from '#flows';
import { every } from './every.ts';
import type { Holdfast } from './open-holdfast.ts';
import { sharedLead } from './shared-lead.ts';

/**
 * Does what incidents are due, one process at a time: wherever this runs, one of them calls people. Needs neither the queue
 * nor the protected system. Returns how to stop; another process follows within ten seconds.
 */
export function startIncidents(holdfast: Holdfast): () => Promise<void> {
  const { flow, logger } = holdfast;
  const { lead, giveUp } = sharedLead('incidents', holdfast);
  const stops = incidentDuties(flow).map(({ what, everyMs, work }) =>
    every(everyMs, what, async () => ((await lead()) ? await work() : undefined), { clock: flow.clock, logger }),
  );
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await giveUp();
  };
}

/** What a detector calls with what it found. Throws STORE_UNAVAILABLE (transient); the next round brings the same. */
export const onFindings = (holdfast: Holdfast): ((findings: readonly Finding[]) => Promise<void>) => {
  const world = incidentFlowOf(holdfast);
  return (findings) => takeFindings(findings, world);
};

/** One answer that does not come is no news of who serves. Longer, and a move could have come in between. */
const REMEMBERED_MS = 60_000;

function incidentFlowOf({ flow, logger }: Holdfast): IncidentFlow<HoldfastWorld> {
  let last: { readonly atMs: number; readonly regions: readonly Region[] } | undefined;
  return {
    flow,
    servedFrom: async (): Promise<readonly Region[] | undefined> => {
      try {
        const weights = await servedWeights(flow.world.move);
        const regions = weights.flatMap(({ region, weight }) => (weight > 0 ? [region] : []));
        last = { atMs: flow.clock.monotonicMs(), regions };
        return regions;
      } catch (thrown) {
        // the control API of DNS lies in one region; a finding counts as it is then
        logger.warn({ err: asDrError(thrown) }, 'who serves is not known');
        return last && flow.clock.monotonicMs() - last.atMs <= REMEMBERED_MS ? last.regions : undefined;
      }
    },
  };
}
