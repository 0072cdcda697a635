import type { PersonId, Role } from '#core';
import type { Plan } from '#plan';
import { isInForce, type Override } from './override.ts';
import { type Turn, turnAt } from './rotation.ts';

/** Whom to call for a role at a moment, one after the other, and where that comes from. */
export interface CallOrder {
  /** Nobody twice. Empty: nobody is there. */
  readonly people: readonly PersonId[];
  readonly turn: Turn | undefined;
  /** In force, and whoever takes the role by it is there. */
  readonly override: Override | undefined;
}

/**
 * Override, then the calendar's shift, then turn, then primary contact, then backup; whoever is away is skipped. The person
 * whom an override stands in for is called last: not at all would be worse, and first is what it was made against. Pure.
 */
export function callOrder(plan: Plan, overrides: readonly Override[], role: Role, at: Date): CallOrder {
  const contacts = plan.roster.roles[role];
  if (!contacts) return { people: [], turn: undefined, override: undefined };
  const { primary, backup, rotation } = contacts;
  const turn = rotation && turnAt(rotation, plan.timeZone, at);
  const isThere = (person: PersonId): boolean => !isAway(plan, person, at);
  const inForce = overrides.filter((each) => each.role === role && isInForce(each, at) && isThere(each.person));
  const shift = inForce.find(({ calendar }) => calendar !== undefined);
  const planned = [shift?.person, turn?.person, primary, backup].flatMap((person) => person ?? []);
  const [first, ...others] = new Set(planned.filter(isThere));
  const override = inForce.find(({ calendar }) => calendar === undefined);
  const people = [...(override ? [override.person, ...others, first] : [first, ...others])];
  return { people: [...new Set(people.flatMap((person) => person ?? []))], turn, override };
}

/** By the plan's known absences. */
export function isAway(plan: Plan, person: PersonId, at: Date): boolean {
  return plan.roster.away.some(
    (absence) => absence.person === person && new Date(absence.from) <= at && at < new Date(absence.until),
  );
}
