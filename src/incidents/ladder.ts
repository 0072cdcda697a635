import type { PersonId } from '#core';
import type { SeverityName } from '#plan';
import type { Called } from './asked.ts';
import { calledRoles, callingLegs, contactsOf, countsFor, nextStep } from './calling.ts';
import type { Incident } from './incident.ts';
import { viewAt } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/** Who is called next for each role that nobody has, and when: what the card says. The soonest first. None while it recovers. */
export async function nextCalls(world: IncidentsWorld, incident: Incident): Promise<Called[]> {
  if (incident.state !== 'open' || incident.recoveringSince) return [];
  const view = await viewAt(world, await world.store.now());
  return callingLegs(incident)
    .map((leg): Called => ({ role: leg.role, people: nextStep(incident, leg, view)?.people ?? [], at: leg.nextAt }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Who would be called if the incident became of this severity at that moment. Changes nothing. */
export async function wouldCall(
  world: IncidentsWorld,
  incident: Incident,
  to: SeverityName,
  at: Date,
): Promise<Called[]> {
  const view = await viewAt(world, at);
  return calledRoles(to, incident.causes, view).map((role) => ({
    role,
    people: contactsOf(incident, role, view).slice(0, 1),
    at,
  }));
}

/** Whether an acknowledgement by this person would stop calling now. */
export async function wouldCount(world: IncidentsWorld, incident: Incident, person: PersonId): Promise<boolean> {
  const view = await viewAt(world, await world.store.now());
  return callingLegs(incident).some((leg) => countsFor(incident, leg, person, view));
}
