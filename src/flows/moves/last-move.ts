import { at, DrError, say, type Text } from '#core';
import { MOVES } from '#failover';
import type { Plan } from '#plan';
import type { ControlStore } from '#ports';
import { type Journal, newestDone, type RunRecord } from '#workflow';

interface Moved {
  readonly plan: Plan;
  readonly journal: Journal;
  readonly store: Pick<ControlStore, 'now'>;
}

/**
 * The last move that ended well, while nobody committed it and it is less long ago than the plan wants between two; undefined
 * otherwise.
 */
export async function recentMove({ plan, journal, store }: Moved): Promise<RunRecord | undefined> {
  const last = await newestDone(journal, MOVES);
  if (!last?.endedAt) return undefined;
  const settled = last.committed !== undefined || (await store.now()) >= settlesAt(last.endedAt, plan);
  return settled ? undefined : last;
}

/** From then on the next move may be proposed, or start by itself. */
export const settlesAt = (endedAt: Date, { detection }: Plan): Date =>
  new Date(endedAt.getTime() + detection.onBreach.notWithinMinutes * 60_000);

/** What the last move left behind looks like a breach; to move back by itself would be a pendulum. */
export async function refuseAfterMove(line: string, moved: Moved): Promise<void> {
  const last = await recentMove(moved);
  if (!last) return;
  const { notWithinMinutes } = moved.plan.detection.onBreach;
  const message = `${last.id} moved the system less than ${notWithinMinutes} min ago.`;
  throw new DrError('WRONG_STATE', 'user', message, {
    hint: `look first; to move all the same: /dr ${line}; if it is well as it is: /dr commit ${last.id}`,
  });
}

/** For whoever asks by hand all the same; empty when the last move is long enough ago. */
export async function pendulumLines(moved: Moved): Promise<Text[]> {
  const last = await recentMove(moved);
  if (!last?.endedAt) return [];
  return [
    say`Careful: ${last.id} moved the system at ${at(last.endedAt)} already. What that one left behind can look like a failure.`,
  ];
}
