import { say, type Text } from '#core';
import { quietKeys } from './acknowledge.ts';
import { callingLegs } from './calling.ts';
import type { Hold, Incident, Leg } from './incident.ts';
import { severityOf, severityRank, severityWord, type View } from './view.ts';

type HeldLeg = Leg & { readonly hold: Hold };
const isHeld = (leg: Leg): leg is HeldLeg => leg.hold !== undefined;

/**
 * What people did about an incident, in the one that goes on with its causes: whoever has a role has it there too, and is not
 * called for it again; whoever was called may acknowledge there; who was named, asked for or proposed stays so. Somebody who
 * took a smaller trouble did not take a worse one: then calling goes on. Who has a role there already keeps it. Pure.
 */
export function carriedOver(into: Incident, from: Incident, view: View): { incident: Incident; words: Text } {
  const known: Incident = {
    ...into,
    responders: [...new Set([...into.responders, ...from.responders])],
    proposals: [...new Set([...into.proposals, ...from.proposals])],
    assignments: assignmentsOf(into, from),
    legs: into.legs.map((leg) => withReached(leg, from)),
  };
  const theirs = from.legs.filter(isHeld);
  if (theirs.length === 0) return { incident: known, words: [] };
  const names = (legs: readonly HeldLeg[]): string =>
    legs.map(({ hold, role }) => `${view.roster.name(hold.by)} as ${view.roster.title(role)}`).join(', ');
  if (severityRank(into.severity) < severityRank(from.severity)) {
    const words = `. ${severityWord(from.severity)} was had by ${names(theirs)}; this is ${severityWord(into.severity)}, and calling goes on`;
    return { incident: known, words: [words] };
  }
  const taken = theirs.filter(({ role }) => !known.legs.some((leg) => leg.role === role && leg.hold));
  if (taken.length === 0) return { incident: known, words: [] };
  return { incident: held(known, taken, view), words: say`. It is had as before by ${names(taken)}` };
}

function held(known: Incident, taken: readonly HeldLeg[], view: View): Incident {
  const rounds = known.rounds + 1;
  const legs = [
    ...known.legs.map((leg): Leg => {
      const other = taken.find(({ role }) => role === leg.role);
      return other ? { ...leg, hold: askedAnew(other.hold) } : leg;
    }),
    ...taken
      .filter(({ role }) => !known.legs.some((leg) => leg.role === role))
      .map((leg): Leg => ({ ...leg, round: rounds, begunAt: view.now, hold: askedAnew(leg.hold) })),
  ].filter((leg) => leg.hold || severityOf(view, known.severity).acknowledgedBy === 'each-role');
  const next: Incident = {
    ...known,
    rounds,
    legs,
    respondedAt: known.respondedAt ?? view.now,
    acknowledgements: [
      ...known.acknowledgements,
      ...taken.map(({ role, hold: { by, at, via } }) => ({
        ...{ by, via, roles: [role], counts: true },
        at: at < known.openedAt ? known.openedAt : at,
      })),
    ],
    assignments: [
      ...known.assignments.filter(({ role }) => !taken.some((leg) => leg.role === role)),
      ...taken.map(({ role, hold }) => ({ role, person: hold.by, by: hold.by, at: view.now })),
    ],
  };
  return callingLegs(next).length > 0 ? next : { ...next, pagerKeys: quietKeys(next) };
}

/** A question about the one that ended can't be answered any more: it is asked anew, about this one. */
function askedAnew({ confirmBy: _, ...hold }: Hold): Hold {
  return hold;
}

/** Whoever was called for a role in either may acknowledge it. */
function withReached(leg: Leg, from: Incident): Leg {
  const other = from.legs.find(({ role }) => role === leg.role);
  return other ? { ...leg, reached: [...new Set([...leg.reached, ...other.reached])] } : leg;
}

/** Whom somebody named in either, and of two the one in the incident that goes on; else whoever is on duty. */
function assignmentsOf(into: Incident, from: Incident): Incident['assignments'] {
  const isNamed = ({ by }: Incident['assignments'][number]): boolean => by !== 'holdfast';
  const named = into.assignments.filter(isNamed).map(({ role }) => role);
  const theirs = from.assignments.filter((each) => isNamed(each) && !named.includes(each.role));
  return [...into.assignments.filter(({ role }) => !theirs.some((each) => each.role === role)), ...theirs];
}
