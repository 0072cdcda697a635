import type { Alarm } from '#alarms';
import { at, bold, formatDuration, say, type Text } from '#core';
import type { Card } from '#ports';
import { card, lines, small } from '../cards/parts.ts';

/** An alarm as it stands in the channel: what is so, since when, what it means, and what to do. */
export function alarmCard(alarm: Alarm): Card {
  const { id, state, title, cause, effect, since, overAt, changedAt, next } = alarm;
  if (state === 'over') {
    const lasted = formatDuration((overAt ?? changedAt).getTime() - since.getTime());
    return card(`OVER - ${title} (${id})`, [
      lines([bold(`OVER - ${title}`), `   ${id}`], say`From ${at(since)} to ${at(overAt ?? changedAt)}, ${lasted}.`),
      small(...cause),
    ]);
  }
  return card(`ALARM - ${title} (${id})`, [
    lines([bold(`ALARM - ${title}`), `   ${id}`], say`Since ${at(since)}. ${cause}`, effect),
    lines(['Next: ', next]),
    small('As of ', at(changedAt), '. It says here when it is over.'),
  ]);
}

/** One line of the status. */
export const alarmLine = ({ id, title, since, next }: Alarm): Text => [
  bold(`ALARM ${id}`),
  ` ${title} since `,
  at(since),
  `. ${next}`,
];
