import { DrError, type PersonId } from '#core';
import type { AddingResponder, Assigning, Outcome } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Has somebody called besides. Throws NOT_FOUND (user) where nobody can be called. */
export async function addResponder(
  _world: IncidentsWorld,
  _asked: AddingResponder,
): Promise<Outcome & { readonly called: readonly PersonId[] }> {
  throw notYet;
}

/** Gives a role of this incident to somebody on the roster. */
export async function assign(_world: IncidentsWorld, _asked: Assigning): Promise<Outcome> {
  throw notYet;
}

/**
 * Gives a role and the calling for it to somebody, who is called; until they acknowledge, whoever has it keeps it.
 */
export async function handOver(_world: IncidentsWorld, _asked: Assigning): Promise<Outcome> {
  throw notYet;
}
