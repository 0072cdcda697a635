import { PersonId, type Text } from '#core';
import { createRoster } from '#oncall';
import { parsePlan } from '#plan';
import type { Card } from '#ports';
import { renderText } from '../../src/terminal/render-text.ts';
import { eldText } from '../plan/eld-plan.ts';

const roster = createRoster(parsePlan(eldText, 'plan.yaml').plan);

/** The words of a card as a reader in UTC sees them, unbroken; buttons as their labels. */
export function wordsOf(card: Card, now: Date = new Date('2026-11-23T08:12:00Z')): string {
  const reader = { now, timeZone: 'UTC', name: (person: string) => roster.name(PersonId.parse(person)), color: false };
  return card.parts
    .flatMap((part) => {
      if (part.kind === 'text' || part.kind === 'small') return [renderText(part.text, reader)];
      return part.kind === 'buttons' ? [part.buttons.map(({ label }) => `[${label}]`).join(' ')] : [];
    })
    .join('\n');
}

/** The same of lines that are on no card yet. */
export const linesOf = (lines: readonly Text[], now?: Date): string =>
  // a card's kinds of parts are checked where cards are built
  wordsOf({ title: '', parts: lines.map((text) => ({ kind: 'text', text })) } as unknown as Card, now);
