import { at, bold, formatDuration, say, type Text } from '#core';
import { type ControlStore, changeRecord } from '#ports';
import type { Timeline } from '#record';
import type { Alarm } from './alarm.ts';
import { alarmsIn } from './alarm-records.ts';

/**
 * Writes into the record what became of alarms since they were last told: raised, changed, over. The thread in the channel
 * is made from there, for those that are `posted`: what somebody else tells people of is only kept. A crash between the two
 * leaves it to the next call; the entries' ids make it one entry each.
 */
export async function tellAlarms(
  store: ControlStore,
  timeline: Timeline,
  posted: (alarm: Alarm) => boolean,
): Promise<void> {
  const alarms = alarmsIn(store);
  for (const { value } of await alarms.find({ where: { untold: true }, limit: 50 })) {
    const { id, key, numbers, changes, state } = value;
    const part = state === 'over' ? 'over' : changes === 0 ? 'raised' : `changed/${changes}`;
    await timeline.append({
      id: `${id}/${part}`,
      alarm: id,
      kind: 'alarm',
      actor: 'holdfast',
      text: textOf(value),
      notify: [],
      inThread: posted(value),
      data: { key, state, numbers },
    });
    await changeRecord(alarms, id, (now) =>
      now.changes === changes && now.state === state ? { ...now, untold: false } : undefined,
    );
  }
}

function textOf({ state, title, cause, since, overAt, changes }: Alarm): Text {
  if (state === 'over') {
    return say`${bold('OVER')}. It lasted ${formatDuration((overAt ?? since).getTime() - since.getTime())}.`;
  }
  return changes === 0 ? say`${bold(title)} since ${at(since)}. ${cause}` : say`Now: ${cause}`;
}
