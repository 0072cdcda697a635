import { DrError } from '#core';
import type { Acknowledged, Acknowledging } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/**
 * Somebody has it. Counts for the roles that they hold, were called for or are on duty for; calling stops there, and
 * everywhere where the severity is content with one. From anybody else it is recorded and calling goes on. Throws
 * NOT_FOUND, WRONG_STATE (user).
 */
export async function acknowledge(_world: IncidentsWorld, _asked: Acknowledging): Promise<Acknowledged> {
  throw notYet;
}
