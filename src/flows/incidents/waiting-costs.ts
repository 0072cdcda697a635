import type { Section } from '#chatops';
import { at } from '#core';
import { readIncident } from '#incidents';
import type { Flow } from '../flow.ts';
import type { RequestRecord } from '../request-record.ts';

/**
 * What it costs to go on waiting for a request that an incident asks for, as moments: they stay true while the card stands.
 * Undefined where no open incident asks, or nobody is served worse for it.
 */
export async function waitingCosts<World>(
  { incident: id, state, preview }: RequestRecord,
  { plan, store }: Pick<Flow<World>, 'plan' | 'store'>,
): Promise<Section | undefined> {
  if (!id || state !== 'waiting' || !preview) return undefined;
  const incident = await readIncident(store, id);
  if (incident?.state !== 'open' || incident.severity !== 'sev-1') return undefined;
  const later = (minutes: number): Date => new Date(incident.since.getTime() + minutes * 60_000);
  const { failoverMinutes, rtoMinutes } = plan.objectives;
  const isMove = ['failover', 'unplanned-failover', 'cold-failover'].includes(preview.preview.job);
  return {
    heading: 'What waiting costs',
    lines: [
      [plan.system.effectWhenDown.replace(/\.$/, ''), ' since ', at(incident.since), '.'],
      ...(isMove ? [[`Failover target (${failoverMinutes} min) is missed at `, at(later(failoverMinutes)), '.']] : []),
      [`Recovery target (${rtoMinutes / 60} h) is missed at `, at(later(rtoMinutes)), '.'],
    ],
  };
}
