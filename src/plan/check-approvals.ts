import type { PersonId, Role } from '#core';
import type { ApprovalPolicy, AskRulePlan } from './consent.ts';
import type { Finding } from './finding.ts';
import type { RosterPlan } from './people.ts';
import { candidatesOf, holdersOf, joinWords, roleTitle, sayAnyOf } from './roster-reading.ts';
import { type Candidate, fits, type Seat, seat, seatsOf } from './seats.ts';
import type { PlanSections } from './sections.ts';

/**
 * Policies that this roster can't fill for somebody who may ask. Found when the plan is read, because the other
 * moment to find out is the disaster.
 */
export function checkApprovals({ roster, approvals, mayAsk }: PlanSections): Finding[] {
  if (!roster || !approvals) return [];
  const candidates = candidatesOf(roster);
  return Object.entries(approvals).flatMap(([name, policy]): Finding[] => {
    if (policy === 'none' || policy.needs.some(({ anyOf }) => anyOf.some((role) => isUnclear(roster, role)))) return [];
    const sentence = whyUnsatisfiable(roster, policy, candidates, askersOf(mayAsk?.[name], candidates));
    return sentence === undefined ? [] : [{ path: ['approvals', name], at: 'value', sentence }];
  });
}

/** A misspelled role or contact has its own mistake; what follows from it would only be noise. */
function isUnclear(roster: RosterPlan, role: Role): boolean {
  const contacts = roster.roles[role];
  if (!contacts) return true;
  return holdersOf(contacts).some((person) => !roster.people[person]);
}

function askersOf(rule: AskRulePlan | undefined, candidates: readonly Candidate[]): (PersonId | undefined)[] {
  const allowed = candidates.filter(({ roles }) => {
    if (rule === undefined || rule === 'everyone' || rule === 'responders') return true;
    return roles.some((role) => rule.includes(role));
  });
  // undefined: asked by nobody of the roster (a guest, or Holdfast's own proposal).
  return [undefined, ...allowed.map(({ person }) => person)];
}

function whyUnsatisfiable(
  roster: RosterPlan,
  policy: ApprovalPolicy,
  candidates: readonly Candidate[],
  askers: readonly (PersonId | undefined)[],
): string | undefined {
  const seats = seatsOf(policy.needs);
  for (const asker of askers) {
    const others = policy.requester === 'excluded' ? candidates.filter(({ person }) => person !== asker) : candidates;
    const seating = seat(seats, others);
    if (seating.kind === 'seated') continue;
    const there = candidates.filter((candidate) => seating.seats.some((wanted) => fits(candidate, wanted))).length;
    const besides = asker !== undefined && policy.requester === 'excluded' ? ' besides the asker' : '';
    const place = seating.seats.length === 1 || sameSeats(seating.seats) ? 'there' : 'for them';
    const count = there === 0 ? 'nobody' : there === 1 ? 'only one person' : `only ${there} people`;
    return `needs ${saySeats(roster, seating.seats)}${besides}, but the roster has ${count} ${place}.`;
  }
  return undefined;
}

const sameSeats = (seats: readonly Seat[]): boolean =>
  seats.every(({ anyOf }) => anyOf.join() === seats[0]?.anyOf.join());

function saySeats(roster: RosterPlan, seats: readonly Seat[]): string {
  const [first] = seats;
  if (!first) return 'nobody';
  if (!sameSeats(seats)) return joinWords([...new Set(seats.map(({ anyOf }) => sayAnyOf(roster, anyOf)))], 'and');
  if (seats.length > 1) {
    const titles = first.anyOf.map((role) => `${roleTitle(roster, role)}s`);
    return `${seats.length} ${joinWords(titles, 'or')}`;
  }
  const words = sayAnyOf(roster, first.anyOf);
  return `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`;
}
