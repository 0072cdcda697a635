import { formatUtc, type PersonId, type Text, type TextPiece } from '#core';
import { neutral } from './neutral.ts';

/** What Slack calls the people of the roster. */
export interface SlackNames {
  /** Undefined for a person without a linked account: their name is shown, and nobody is notified. */
  readonly userOf: (person: PersonId) => string | undefined;
  readonly nameOf: (person: PersonId) => string;
}

const CUT = '...';

/**
 * A Text as Slack's mrkdwn, at most `limit` characters. What does not fit is cut between pieces, or inside plain words,
 * never inside a token, and ends with "...". `now` decides which times need a date.
 */
export function renderText(text: Text, names: SlackNames, now: Date, limit = 3000): string {
  let rendered = '';
  for (const piece of text) {
    const next = renderPiece(piece, names, now);
    const room = limit - CUT.length - rendered.length;
    if (next.length > room) {
      const isLast = piece === text.at(-1) && rendered.length + next.length <= limit;
      return isLast ? rendered + next : `${rendered}${cutPiece(piece, room)}${CUT}`;
    }
    rendered += next;
  }
  return rendered;
}

function renderPiece(piece: TextPiece, names: SlackNames, now: Date): string {
  if (typeof piece === 'string') return neutral(piece);
  if ('bold' in piece) return wrapped('*', piece.bold);
  if ('code' in piece) return wrapped('`', piece.code);
  if ('quote' in piece) return `"${neutral(oneLine(piece.quote))}"`;
  if ('time' in piece) return renderTime(piece.time, now);
  if ('mention' in piece) return renderMention(piece.mention, names);
  return renderLink(piece.link, piece.label);
}

/** Bold and code end at a line break in Slack, so each line gets its own marks. */
function wrapped(mark: string, words: string): string {
  return words
    .split('\n')
    .map((line) => (line.trim() === '' ? line : `${mark}${mark === '`' ? literal(line) : neutral(line)}${mark}`))
    .join('\n');
}

/** Between backticks Slack reads no markup but entities. */
const literal = (words: string): string =>
  oneLine(words).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', '\u02cb');

const oneLine = (words: string): string => words.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

/** Each reader's own clock; UTC where Slack can't tell (and in copies). */
function renderTime(time: Date, now: Date): string {
  const seconds = Math.floor(time.getTime() / 1000);
  const isToday = time.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  const format = isToday ? '{time_secs}' : '{date_short} {time_secs}';
  return `<!date^${seconds}^${format}|${formatUtc(time, now)}>`;
}

function renderMention(person: PersonId, names: SlackNames): string {
  const user = names.userOf(person);
  return user !== undefined && /^[UW][A-Z0-9]+$/.test(user) ? `<@${user}>` : neutral(names.nameOf(person));
}

/** Only web addresses become links: anything else could run something on the reader's machine. */
function renderLink(link: string, label: string): string {
  const words = neutral(oneLine(label)).replaceAll('|', '\u2223');
  if (!URL.canParse(link) || !/^https?:$/.test(new URL(link).protocol)) return words;
  const address = new URL(link).href.replaceAll('&', '&amp;').replaceAll('|', '%7C').replaceAll('>', '%3E');
  return `<${address.replaceAll('<', '%3C')}|${words}>`;
}

/** As many whole characters of plain words as fit; nothing of a piece that is one token. */
function cutPiece(piece: TextPiece, room: number): string {
  if (typeof piece !== 'string') return '';
  let kept = '';
  for (const character of piece) {
    const next = kept + character;
    if (neutral(next).length > room) break;
    kept = next;
  }
  return neutral(kept);
}
