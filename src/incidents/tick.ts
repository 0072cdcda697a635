import { DrError } from '#core';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/**
 * Does what is due at `now` in every open incident, in order, once, and tells it. Whoever calls it holds a lease, but
 * two at once do it once all the same. Throws STORE_UNAVAILABLE.
 */
export async function tick(_world: IncidentsWorld, _now: Date): Promise<void> {
  throw notYet;
}
