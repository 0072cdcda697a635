import type { Text } from '#core';
import type { ProbeResult } from '#ports';

type Failure = Extract<ProbeResult, { state: 'failed' }>;
type Numbers = Readonly<Record<string, number>>;

export const well = (words: string | Text, numbers: Numbers = {}): ProbeResult => ({
  state: 'well',
  words: typeof words === 'string' ? [words] : words,
  numbers: { ...numbers },
});

/** `what` stands behind a region: `database has no primary`. */
export const failed = (
  what: string,
  words: string | Text,
  more: Partial<Pick<Failure, 'where' | 'effect' | 'next' | 'hostile' | 'alarm' | 'numbers'>> = {},
): ProbeResult => ({
  state: 'failed',
  what,
  words: typeof words === 'string' ? [words] : words,
  hostile: false,
  numbers: {},
  ...more,
});

export const unseen = (words: string | Text): ProbeResult => ({
  state: 'unknown',
  words: typeof words === 'string' ? [words] : words,
});
