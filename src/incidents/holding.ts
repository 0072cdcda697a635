import { at, DrError, say } from '#core';
import { stillOnIt } from './acknowledge.ts';
import type { Asked, Outcome, Snoozing } from './asked.ts';
import { callNext } from './call-next.ts';
import { withLeg, withNewKey } from './calling.ts';
import { changeIncident } from './change-incident.ts';
import { withFact } from './facts.ts';
import type { Incident, Leg } from './incident.ts';
import { afterMinutes, severityOf, type View, wrongState } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/** So many times the severity's own time; nobody sleeps for a day on a critical incident. */
const SNOOZE_AT_MOST = 8;

/** Whoever has it still has it; without being asked it changes nothing. Throws WRONG_STATE (user) where they do not have it (any more). */
export function confirmStillOnIt(world: IncidentsWorld, { incident: id, by, intake }: Asked): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident | undefined => {
    heldBy(incident, by);
    return stillOnIt(incident, by, view.now, view);
  };
  return changeIncident(world, id, decide, { intake });
}

/** Whoever was called or has it cannot: the next one is called at once. Throws WRONG_STATE (user) where it is not theirs. */
export function passOn(world: IncidentsWorld, { incident: id, by, intake }: Asked): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident => {
    openOnly(incident);
    const theirs = incident.legs.filter(({ hold, people }) => (hold ? hold.by === by : people.includes(by)));
    if (theirs.length === 0) throw wrongState(`${incident.id} is not yours to pass on.`, `/dr incident show ${id}`);
    const text = say`${view.roster.name(by)} cannot take it and passes it on.`;
    const told = withFact(incident, { kind: 'escalated', by, text });
    return theirs.reduce((next, leg) => passedOn(next, leg, by, view), told);
  };
  return changeIncident(world, id, decide, { intake });
}

/** Not the same person again: whoever passes it on counts as called, and what they acknowledged before counts no more. */
function passedOn(incident: Incident, leg: Leg, by: Asked['by'], view: View): Incident {
  const { hold, pagedAt: _, ...rest } = leg;
  const called = [...new Set([...leg.called, by])];
  const bare: Leg = {
    ...rest,
    people: [by],
    called,
    reached: leg.reached.filter((person) => person !== by),
    releasedAt: view.now,
    nextAt: view.now,
  };
  const assignments = incident.assignments.filter(({ role, person }) => role !== leg.role || person !== by);
  const next = withLeg({ ...incident, assignments }, bare);
  // the pager may have been told that somebody has it: under the same key it would not call
  return callNext(hold ? withNewKey(next) : next, bare, view.now, view);
}

/** Whoever has it is not asked before `until`. Throws WRONG_STATE or TIME_INVALID (user). */
export function snooze(world: IncidentsWorld, { incident: id, by, until, intake }: Snoozing): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident => {
    const theirs = heldBy(incident, by);
    const longest = SNOOZE_AT_MOST * severityOf(view, incident.severity).askAgainAfterMinutes;
    const latest = afterMinutes(view.now, longest);
    if (until <= view.now || until > latest) {
      throw new DrError('TIME_INVALID', 'user', 'That is over already, or too far away. Nothing was changed.', {
        hint: `At most ${longest} minutes from now.`,
        data: { latest },
      });
    }
    const legs = incident.legs.map((leg) => (theirs.includes(leg) ? snoozed(leg, until) : leg));
    const text = say`${view.roster.name(by)} has it and is asked again at ${at(until)}.`;
    return withFact({ ...incident, legs }, { kind: 'acknowledged', by, text });
  };
  return changeIncident(world, id, decide, { intake });
}

function snoozed(leg: Leg, until: Date): Leg {
  if (!leg.hold) return leg;
  const { confirmBy: _, ...hold } = leg.hold;
  return { ...leg, hold: { ...hold, askAt: until, snoozedUntil: until } };
}

/** The legs that this person has. Throws WRONG_STATE (user) where they have none. */
function heldBy(incident: Incident, by: Asked['by']): Leg[] {
  openOnly(incident);
  const theirs = incident.legs.filter(({ hold }) => hold?.by === by);
  if (theirs.length === 0) throw wrongState(`You do not have ${incident.id}.`, `/dr ack ${incident.id}`);
  return theirs;
}

/** Throws WRONG_STATE (user) where it is over. */
export function openOnly(incident: Incident): void {
  if (incident.state === 'open') return;
  if (incident.mergedInto) {
    throw wrongState(
      `${incident.id} was merged into ${incident.mergedInto}.`,
      `/dr incident show ${incident.mergedInto}`,
    );
  }
  throw wrongState(`${incident.id} is over.`, `/dr incident reopen ${incident.id}`);
}
