import { DrError, type PersonId } from '#core';
import type { SeverityName } from '#plan';
import type { Called } from './asked.ts';
import type { Incident } from './incident.ts';
import type { IncidentsWorld } from './world.ts';

const notYet = new DrError('UNEXPECTED', 'bug', 'not yet');

/** Who is called next for each role that nobody has, and when: what the card says. The soonest first. */
export async function nextCalls(_world: IncidentsWorld, _incident: Incident): Promise<Called[]> {
  throw notYet;
}

/** Who would be called if the incident became of this severity at that moment. Changes nothing. */
export async function wouldCall(
  _world: IncidentsWorld,
  _incident: Incident,
  _to: SeverityName,
  _at: Date,
): Promise<Called[]> {
  throw notYet;
}

/** Whether an acknowledgement by this person would stop calling now. */
export async function wouldCount(_world: IncidentsWorld, _incident: Incident, _person: PersonId): Promise<boolean> {
  throw notYet;
}
