import { DrError } from '#core';
import type { Flow } from '../flow.ts';

/**
 * What the last move left behind looks like a breach; to move back by itself would be a pendulum. Throws WRONG_STATE (user)
 * within the plan's minutes after a move has ended.
 */
export async function refuseSoonAfterMove<World>(
  line: string,
  { plan, journal, store }: Pick<Flow<World>, 'plan' | 'journal' | 'store'>,
): Promise<void> {
  const minutes = plan.detection.onBreach.notWithinMinutes;
  const [last] = await journal.find({
    where: { workflow: { in: ['failover', 'failback'] }, state: 'done' },
    sort: { by: 'endedAt', order: 'descending' },
    limit: 1,
  });
  const endedAt = last?.value.endedAt;
  if (!last || !endedAt) return;
  const sinceMs = (await store.now()).getTime() - endedAt.getTime();
  if (sinceMs >= minutes * 60_000) return;
  const message = `${last.value.id} moved the system less than ${minutes} min ago.`;
  throw new DrError('WRONG_STATE', 'user', message, { hint: `look first; to move all the same: /dr ${line}` });
}
