import { at, mention, type PersonId, say, type Text } from '#core';
import type { Card } from '#ports';
import type { TimelineEntry } from './entry.ts';
import { plainText } from './plain-text.ts';
import type { OutageNotice } from './thread.ts';

type NameOf = (person: PersonId) => string;

/** `03:13:41  Alex Chen approved as Database Admin. 1 of 2.`, with a mention of each who is to be notified. */
export function threadLine(entry: TimelineEntry, nameOf: NameOf): Card {
  const mentioned = new Set(entry.text.flatMap((piece) => (isMention(piece) ? [piece.mention] : [])));
  const others = entry.notify.filter((person) => !mentioned.has(person));
  const text = [...say`${at(entry.at)}  ${entry.text}`, ...others.flatMap((person) => [' ', mention(person)])];
  return oneLine(text, nameOf, entry.at);
}

/** `08:09 to 08:21 UTC Slack could not be reached. 14 entries follow with their own times.` */
export function outageLine({ from, to, lines }: OutageNotice): Card {
  const follow = lines === 1 ? '1 entry follows with its own time.' : `${lines} entries follow with their own times.`;
  const text = `${minute(from)} to ${minute(to)} UTC Slack could not be reached. ${follow}`;
  return { push: text, parts: [{ kind: 'text', text: [text] }] };
}

const isMention = (piece: Text[number]): piece is { mention: PersonId } =>
  typeof piece === 'object' && 'mention' in piece;

const oneLine = (text: Text, nameOf: NameOf, today: Date): Card => ({
  push: plainText(text, nameOf, today),
  parts: [{ kind: 'text', text }],
});

const minute = (time: Date): string => time.toISOString().slice(11, 16);
