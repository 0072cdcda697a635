import { DrError } from '#core';
import type { Asked, Outcome, Snoozing } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Whoever has it still has it. Throws WRONG_STATE (user) where they do not have it (any more). */
export async function confirmStillOnIt(_world: IncidentsWorld, _asked: Asked): Promise<Outcome> {
  throw notYet;
}

/**
 * Whoever was called or has it cannot: the next one is called at once. Throws WRONG_STATE (user) where it is not theirs.
 */
export async function passOn(_world: IncidentsWorld, _asked: Asked): Promise<Outcome> {
  throw notYet;
}

/** Whoever has it is not asked before `until`. Throws WRONG_STATE or TIME_INVALID (user). */
export async function snooze(_world: IncidentsWorld, _asked: Snoozing): Promise<Outcome> {
  throw notYet;
}
