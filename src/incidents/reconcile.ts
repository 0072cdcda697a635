import { DrError } from '#core';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Brings the pager and us into step, both ways. Every 30 s; throws STORE_UNAVAILABLE only. */
export async function reconcile(_world: IncidentsWorld): Promise<void> {
  throw notYet;
}
