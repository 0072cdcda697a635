import { formatUtc, type PersonId, type Text } from '#core';

/** A Text as plain words, for push texts, pages and exports: times in UTC, people by name, outside words in quotes. */
export function plainText(text: Text, nameOf: (person: PersonId) => string, today: Date): string {
  return text
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('bold' in piece) return piece.bold;
      if ('code' in piece) return piece.code;
      if ('time' in piece) return formatUtc(piece.time, today);
      if ('mention' in piece) return nameOf(piece.mention);
      if ('quote' in piece) return `"${piece.quote}"`;
      return `${piece.label} (${piece.link})`;
    })
    .join('');
}
