import { type PersonId, say } from '#core';
import type { Acknowledged, Acknowledging } from './asked.ts';
import { callingLegs, countsFor } from './calling.ts';
import { changeIncident, unknownIncident } from './change-incident.ts';
import { who, withFact } from './facts.ts';
import type { Incident, Leg, Via } from './incident.ts';
import { readIncident } from './incident-records.ts';
import { afterMinutes, severityOf, type View, wrongState } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Somebody has it. Counts for the roles that they hold, were called for or are on duty for; calling stops there, and
 * everywhere where the severity is content with one. From anybody else it is recorded and calling goes on. Whoever has it
 * already says by it that they are still on it. Throws NOT_FOUND, WRONG_STATE (user).
 */
export async function acknowledge(world: IncidentsWorld, asked: Acknowledging): Promise<Acknowledged> {
  const { incident: id, intake } = asked;
  const before = await readIncident(world.store, id);
  if (!before) throw unknownIncident(id);
  const outcome = await changeIncident(world, id, (incident, view) => acknowledged(incident, asked, view), { intake });
  const { incident } = outcome;
  const roles = incident.legs.filter(({ hold }) => hold?.by === asked.by).map(({ role }) => role);
  return { ...outcome, counts: roles.length > 0, roles, stillCalling: callingLegs(incident) };
}

function acknowledged(incident: Incident, { by, via, at }: Acknowledging, view: View): Incident | undefined {
  if (incident.state === 'merged') {
    throw wrongState(`${incident.id} was merged into ${incident.mergedInto}.`, `/dr ack ${incident.mergedInto}`);
  }
  if (incident.state === 'resolved') throw wrongState(`${incident.id} is over.`, `/dr incident show ${incident.id}`);
  const when = at ?? view.now;
  const person = typeof by === 'string' && by !== 'holdfast' ? by : undefined;
  const theirs = person
    ? incident.legs.filter((leg) =>
        leg.hold ? isHandedTo(incident, leg, person) : countsFor(incident, leg, person, view) && !isOutdated(leg, when),
      )
    : [];
  if (theirs.length > 0 && person) return held(incident, theirs, { by: person, via, when }, view);
  if (person && incident.legs.some(({ hold }) => hold?.by === person)) return stillOnIt(incident, person, when, view);
  return notCounted(incident, { by, via, when }, view);
}

/** Somebody else has it, and since then it was given to this person. */
const isHandedTo = ({ assignments }: Incident, { role, hold }: Leg, person: PersonId): boolean =>
  assignments.some(
    (each) => each.role === role && each.person === person && hold && hold.by !== person && each.at >= hold.at,
  );

/** What was acknowledged before this ladder began, or began again, counts no more: a late message must not silence it. */
const isOutdated = ({ begunAt, releasedAt }: Leg, when: Date): boolean =>
  when < begunAt || (releasedAt !== undefined && when <= releasedAt);

function held(
  incident: Incident,
  theirs: readonly Leg[],
  { by, via, when }: { readonly by: PersonId; readonly via: Via; readonly when: Date },
  view: View,
): Incident {
  const rules = severityOf(view, incident.severity);
  const hold = { by, at: view.now, via, askAt: afterMinutes(view.now, rules.askAgainAfterMinutes) };
  const legs = incident.legs
    .map((leg) => (theirs.includes(leg) ? { ...leg, hold } : leg))
    .filter((leg) => leg.hold || rules.acknowledgedBy === 'each-role');
  const roles = theirs.map(({ role }) => role);
  const isCalling = legs.some((leg) => !leg.hold);
  const next: Incident = {
    ...incident,
    legs,
    respondedAt: incident.respondedAt ?? view.now,
    acknowledgements: [...incident.acknowledgements, { by, at: when, via, roles, counts: true }],
    assignments: [
      ...incident.assignments.filter(({ role }) => !roles.includes(role)),
      ...roles.map((role) => ({ role, person: by, by, at: view.now })),
    ],
    pagerKeys: isCalling ? incident.pagerKeys : quietKeys(incident),
  };
  const titles = roles.map((role) => view.roster.title(role)).join(' and ');
  const rest = isCalling
    ? ` Calling goes on for ${callingLegs({ ...next })
        .map(({ role }) => view.roster.title(role))
        .join(' and ')}.`
    : ' Calling stops.';
  const text = say`${view.roster.name(by)} acknowledged${viaWords(via)} as ${titles}.${rest}`;
  return withFact(next, { kind: 'acknowledged', by, text });
}

/** Everybody who is called has it: the pager need not call either. */
export const quietKeys = ({ pagerKeys }: Incident): Incident['pagerKeys'] =>
  pagerKeys.map((key) => (key.wanted === 'triggered' ? { ...key, wanted: 'acknowledged' as const } : key));

/** An acknowledgement by whoever was asked is the answer. */
export function stillOnIt(incident: Incident, person: PersonId, when: Date, view: View): Incident | undefined {
  const askAt = afterMinutes(view.now, severityOf(view, incident.severity).askAgainAfterMinutes);
  const isAsked = incident.legs.some(({ hold }) => hold?.by === person && hold.confirmBy && when >= hold.askAt);
  if (!isAsked) return undefined;
  const legs = incident.legs.map((leg) => {
    if (leg.hold?.by !== person) return leg;
    const { confirmBy: _, snoozedUntil: __, ...hold } = leg.hold;
    return { ...leg, hold: { ...hold, askAt } };
  });
  return withFact(
    { ...incident, legs },
    { kind: 'acknowledged', by: person, text: say`${view.roster.name(person)} is still on it.` },
  );
}

/** The same word of the same person, by another way or pressed twice. */
const SAME_MS = 60_000;

function notCounted(
  incident: Incident,
  { by, via, when }: { readonly by: Acknowledging['by']; readonly via: Via; readonly when: Date },
  view: View,
): Incident | undefined {
  const isKnown = incident.acknowledgements.some(
    (each) => sameActor(each.by, by) && Math.abs(each.at.getTime() - when.getTime()) <= SAME_MS,
  );
  if (isKnown) return undefined;
  const next: Incident = {
    ...incident,
    acknowledgements: [...incident.acknowledgements, { by, at: when, via, roles: [], counts: false }],
  };
  const goesOn = callingLegs(incident).length > 0 ? ' Calling goes on.' : '';
  const text = say`${who(by, view.roster.name)} acknowledged${viaWords(via)}, but is not on duty for this.${goesOn}`;
  return withFact(next, { kind: 'acknowledged', by, text });
}

export const sameActor = (a: Acknowledging['by'], b: Acknowledging['by']): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

const viaWords = (via: Via): string =>
  ({ slack: '', terminal: ' in a terminal', pagerduty: ' in PagerDuty', approval: ' by approving' })[via];
