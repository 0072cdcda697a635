import { DrError } from '#core';
import type { Ending, Outcome } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Ends it; pages stop. Throws WRONG_STATE (user) while a run of it is under way. */
export async function resolve(_world: IncidentsWorld, _asked: Ending): Promise<Outcome> {
  throw notYet;
}

/** Ends it as none. Its causes are left alone until they were well once. */
export async function notAnIncident(_world: IncidentsWorld, _asked: Ending): Promise<Outcome> {
  throw notYet;
}

/** Opens it again and calls anew. Throws WRONG_STATE (user) unless it is resolved. */
export async function reopen(_world: IncidentsWorld, _asked: Ending): Promise<Outcome> {
  throw notYet;
}
