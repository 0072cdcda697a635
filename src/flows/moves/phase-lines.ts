import { formatDuration, type Text } from '#core';
import { MOVES } from '#failover';
import { readIncident } from '#incidents';
import type { RunRecord } from '#workflow';
import type { Flow } from '../flow.ts';
import type { RequestRecord } from '../request-record.ts';

/** How long a move took that is done, phase by phase: to find, to decide, to move, and all together. Empty for what moves nothing. */
export async function phaseLines<World>(
  { incident: id, askedAt, decidedAt, starts }: RequestRecord,
  run: RunRecord,
  { plan, store }: Pick<Flow<World>, 'plan' | 'store'>,
): Promise<Text[]> {
  if (!MOVES.includes(run.workflow) || run.state !== 'done' || !run.startedAt || !run.endedAt) return [];
  const incident = id && (await readIncident(store, id));
  const took = (words: string, from: Date, to: Date, more = ''): Text => [
    `${words.padEnd(17)} ${formatDuration(Math.max(0, to.getTime() - from.getTime()))}${more}`,
  ];
  const rto = `   (target under ${formatDuration(plan.objectives.rtoMinutes * 60_000)})`;
  return [
    ...(incident ? [took('Found', incident.since, incident.openedAt)] : []),
    ...(incident ? [took('Proposed', incident.openedAt, askedAt)] : []),
    ...(decidedAt ? [took(starts?.unheld ? 'Open to be held' : 'Waited for people', askedAt, decidedAt)] : []),
    took('Moved', run.startedAt, run.endedAt),
    ...(incident ? [took('All of it', incident.since, run.endedAt, rto)] : []),
  ];
}
