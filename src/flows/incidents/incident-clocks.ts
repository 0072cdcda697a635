import { at, bold, formatDuration, type Text } from '#core';
import type { Plan } from '#plan';
import type { IncidentView } from './incident-view.ts';

const MINUTE_MS = 60_000;

/**
 * How long it has been bad, what would be lost and what is left for a failover, each beside the plan's limit. Only where
 * users feel it: for anything less nobody's clock runs.
 */
export function clockLines(view: IncidentView, plan: Plan): Text[] {
  const { incident, blind } = view;
  if (incident.severity !== 'sev-1') return [];
  if (blind) {
    return [
      [
        bold('Down for: unknown'),
        ' since ',
        at(blind.since),
        ` (${blind.why.charAt(0).toLowerCase()}${blind.why.slice(1)}). Do not trust green below.`,
      ],
    ];
  }
  return [downLine(view, plan), riskLine(view, plan), failoverLine(view, plan)];
}

function downLine({ incident: { since, recoveringSince }, now }: IncidentView, plan: Plan): Text {
  const ms = Math.max(0, (recoveringSince ?? now).getTime() - since.getTime());
  const limit = plan.objectives.rtoMinutes * MINUTE_MS;
  return [`Down for   ${formatDuration(ms)} of ${formatDuration(limit)} (RTO)`, ...over(ms > limit)];
}

function riskLine({ rpo }: IncidentView, plan: Plan): Text {
  const limit = plan.objectives.rpoMinutes * MINUTE_MS;
  if ('ms' in rpo)
    return [`Data at risk   ${formatDuration(rpo.ms)} of ${formatDuration(limit)} (RPO)`, ...over(rpo.ms > limit)];
  return rpo.unknownSince
    ? ['Data at risk   not measured since ', at(rpo.unknownSince)]
    : ['Data at risk   not measured'];
}

function failoverLine({ incident: { since }, now, proposals }: IncidentView, plan: Plan): Text {
  const limit = plan.objectives.failoverMinutes * MINUTE_MS;
  const moved = proposals.find(({ request, run }) => request.command === 'failover' && run?.state === 'done')?.run;
  const limitWords = `${formatDuration(limit)} target`;
  if (moved?.endedAt) {
    const tookMs = moved.endedAt.getTime() - since.getTime();
    return [`Failover   done after ${formatDuration(tookMs)} of its ${limitWords}`, ...over(tookMs > limit)];
  }
  const leftMs = since.getTime() + limit - now.getTime();
  if (leftMs > 0) return [`Failover   ${formatDuration(leftMs)} left to its ${limitWords}`];
  return [`Failover   its ${limitWords} is missed since `, at(new Date(since.getTime() + limit))];
}

const over = (isOver: boolean): Text => (isOver ? [', ', bold('OVER')] : []);
