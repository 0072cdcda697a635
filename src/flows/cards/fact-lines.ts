import { formatDuration } from '#core';

/** Slack takes 3,000 characters a section; a fact longer than this is cut, and said to be. */
const LONGEST = 300;

/**
 * A preview's facts as a person reads them: `membersBefore` becomes "members before", each thing of a list stands on a
 * line of its own. One line or several; nothing is left out but what is over the limit.
 */
export function factLines(name: string, value: unknown): string[] {
  const words = wordsOf(name);
  if (!Array.isArray(value) || value.length === 0 || value.every((each) => !isObject(each))) {
    return [`${words}: ${cut(plain(value))}`];
  }
  return [`${words}:`, ...value.map((each) => `- ${cut(plain(each))}`)];
}

/** A limit with its unit: `pauseMs` 10000 becomes "pause: 10 s". */
export const limitLine = (name: string, value: number): string =>
  name.endsWith('Ms') ? `${wordsOf(name.slice(0, -2))}: ${formatDuration(value)}` : `${wordsOf(name)}: ${value}`;

const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(', ');
  if (!isObject(value)) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${wordsOf(key)} ${plain(inner)}`)
    .join(', ');
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text);
