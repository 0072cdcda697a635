import { DrError } from '#core';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/**
 * Sends what is due, each way by itself; a way that fails is tried again later and holds up no other. Throws
 * STORE_UNAVAILABLE only.
 */
export async function deliverPages(_world: IncidentsWorld): Promise<void> {
  throw notYet;
}
