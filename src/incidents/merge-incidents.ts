import { DrError } from '#core';
import type { Merging, Outcome } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Its causes go on in another open incident, which is answered. Throws WRONG_STATE (user). */
export async function mergeInto(_world: IncidentsWorld, _asked: Merging): Promise<Outcome> {
  throw notYet;
}
