import { readFileSync } from 'node:fs';
import { type PlanMistake, readPlan } from '#plan';

/** The repository's own plan, as text to make mistakes in. */
export const eldText = readFileSync(new URL('../../plan.yaml', import.meta.url), 'utf8');

/** The plan's text with replacements; a replacement that changes nothing is a mistake of the test. */
export function edited(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`plan.yaml has no ${JSON.stringify(from)}`);
    return text.replace(from, to);
  }, eldText);
}

export function mistakesIn(text: string): PlanMistake[] {
  const read = readPlan(text);
  return read.kind === 'mistakes' ? read.mistakes : [];
}

/** Where a piece of text stands, counted from 1, as an editor shows it. */
export function placeOf(text: string, piece: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(piece)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
