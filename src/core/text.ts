import { z } from 'zod';
import { PersonId } from './ids.ts';

/**
 * What a person reads, before any surface has rendered it. Slack, terminal, page and record are made from the
 * same pieces, so the words are the same everywhere, each reader's clock is right, and text from outside can
 * never become markup: a renderer escapes every string and only the pieces below carry meaning.
 */
export const TextPiece = z.union([
  z.string(),
  z.object({ bold: z.string() }),
  z.object({ code: z.string() }),
  z.object({ time: z.coerce.date() }),
  z.object({ mention: PersonId }),
  z.object({ quote: z.string() }),
  z.object({ link: z.string(), label: z.string() }),
]);
export type TextPiece = z.output<typeof TextPiece>;

export const Text = z.array(TextPiece);
export type Text = z.output<typeof Text>;

export const bold = (words: string): TextPiece => ({ bold: words });
export const code = (words: string): TextPiece => ({ code: words });
export const at = (time: Date): TextPiece => ({ time });
export const mention = (person: PersonId): TextPiece => ({ mention: person });

/** Text that came from outside (a reason, a name): one line, control codes out, cut at 80 characters, in quotes. */
export function outside(words: string): TextPiece {
  const oneLine = words
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const cut = [...oneLine].length > 80 ? `${[...oneLine].slice(0, 77).join('')}...` : oneLine;
  return { quote: cut };
}

/** Builds a Text: say\`Paged ${mention(john)} at ${at(time)}.\` Numbers and strings are taken as they are. */
export function say(parts: TemplateStringsArray, ...values: (TextPiece | number | Text)[]): Text {
  const pieces: TextPiece[] = [];
  const push = (piece: TextPiece): void => {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else if (piece !== '') pieces.push(piece);
  };
  parts.forEach((part, index) => {
    push(part);
    const value = values[index];
    if (Array.isArray(value)) value.forEach(push);
    else if (value !== undefined) push(typeof value === 'number' ? String(value) : value);
  });
  return pieces;
}
