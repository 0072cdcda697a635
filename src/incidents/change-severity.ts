import { DrError } from '#core';
import type { ChangingSeverity, Outcome } from './asked.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Raising calls anew, under a key of its own. Lowering stops what no longer applies; whoever has it keeps it. */
export async function changeSeverity(_world: IncidentsWorld, _asked: ChangingSeverity): Promise<Outcome> {
  throw notYet;
}
