import { DrError, type IncidentId } from '#core';
import type { Outcome } from './asked.ts';
import type { Cause } from './incident.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/**
 * Puts another cause into an open incident; raises its severity where the cause is worse. Where the cause is in another
 * open incident it stays there. Idempotent by the key; new words replace the old ones. Throws WRONG_STATE (user) when
 * the incident is over.
 */
export async function addCause(
  _world: IncidentsWorld,
  _asked: { readonly incident: IncidentId; readonly cause: Cause },
): Promise<Outcome> {
  throw notYet;
}

/**
 * The thing is well again. When it was the last one the incident recovers, and resolves itself after a calm time.
 * Undefined: nothing knows this key. Idempotent.
 */
export async function endCause(_world: IncidentsWorld, _asked: { readonly key: string }): Promise<Outcome | undefined> {
  throw notYet;
}
