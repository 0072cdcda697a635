import { z } from 'zod';
import { Region, Sha256, Text } from '#core';

/**
 * What was found about one thing that a failover to a region depends on. `weak`: it would go, with a doubt. `not-ready`: it would
 * be refused, or fail on the way. `unknown`: it could not be asked, so nobody should rely on it.
 */
export const Answer = z.object({
  check: z.string(),
  state: z.enum(['ready', 'weak', 'not-ready', 'unknown']),
  words: Text,
  /** The next safe command, where something is to be done. */
  next: z.string().optional(),
});
export type Answer = z.output<typeof Answer>;

/** Whether a region could take over, as it was looked at last. */
export const Readiness = z.object({
  id: Region,
  /** `build`: a cold standby, whose database would be made from the vault alone. */
  how: z.enum(['move', 'build']).default('move'),
  /** Control store time. */
  at: z.date(),
  planHash: Sha256,
  /** Where users would come from. */
  from: Region,
  answers: z.array(Answer),
});
export type Readiness = z.output<typeof Readiness>;

const WORTH: Readonly<Record<Answer['state'], number>> = { ready: 1, weak: 0.5, 'not-ready': 0, unknown: 0 };

/** In percent, rounded down: 100 is said only where everything is ready. */
export function scoreOf({ answers }: Pick<Readiness, 'answers'>): number {
  if (answers.length === 0) return 0;
  return Math.floor((answers.reduce((sum, { state }) => sum + WORTH[state], 0) / answers.length) * 100);
}

/** What lowers the score, the worst first. */
export function reasonsOf({ answers }: Pick<Readiness, 'answers'>): Answer[] {
  const rank = ({ state }: Answer): number => ['not-ready', 'unknown', 'weak', 'ready'].indexOf(state);
  return answers.filter(({ state }) => state !== 'ready').sort((a, b) => rank(a) - rank(b));
}
