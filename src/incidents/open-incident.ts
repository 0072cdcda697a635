import { DrError } from '#core';
import type { Opened, Opening } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/**
 * Opens an incident, or joins or reopens the one that the cause belongs to. Idempotent: by the cause's key, or by the
 * intake.
 */
export async function openIncident(_world: IncidentsWorld, _opening: Opening): Promise<Opened> {
  throw notYet;
}
