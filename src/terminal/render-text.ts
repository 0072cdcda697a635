import { DateTime } from 'luxon';
import { formatUtc, type PersonId, type Text } from '#core';

/** For whom a terminal writes: their zone, their clock's day, and how people are called. */
export interface Reader {
  readonly now: Date;
  readonly timeZone: string;
  readonly name: (person: PersonId) => string;
  readonly color: boolean;
}

/** A text for a terminal: the same words, times in UTC and in the reader's zone, nothing that could steer the terminal. */
export function renderText(text: Text, reader: Reader): string {
  return text
    .map((piece) => {
      if (typeof piece === 'string') return clean(piece);
      if ('bold' in piece) return reader.color ? `\u001b[1m${clean(piece.bold)}\u001b[22m` : clean(piece.bold);
      if ('code' in piece) return clean(piece.code);
      if ('time' in piece) return renderTime(piece.time, reader);
      if ('mention' in piece) return clean(reader.name(piece.mention));
      if ('quote' in piece) return `"${clean(piece.quote)}"`;
      return `${clean(piece.label)} <${clean(piece.link)}>`;
    })
    .join('');
}

function renderTime(time: Date, { now, timeZone }: Reader): string {
  const utc = formatUtc(time, now);
  if (timeZone === 'UTC') return utc;
  const local = DateTime.fromJSDate(time, { zone: timeZone });
  const sameDay = local.hasSame(DateTime.fromJSDate(now, { zone: timeZone }), 'day');
  return `${utc} (${local.toFormat(sameDay ? 'HH:mm:ss' : 'yyyy-MM-dd HH:mm:ss')} for you)`;
}

/** Control codes out, also those that came in a name from outside: a terminal obeys what it prints. */
const clean = (words: string): string => words.replace(/[\p{Cc}\p{Cf}]/gu, (found) => (found === '\n' ? '\n' : ''));
