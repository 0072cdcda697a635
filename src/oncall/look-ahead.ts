import type { Role } from '#core';
import type { Plan } from '#plan';
import { type CallOrder, callOrder } from './call-order.ts';
import { endOf, type Override } from './override.ts';
import { turnsBetween } from './rotation.ts';

/** From `from` up to and without `until` the same people are called for a role, in the same order. */
export interface Stretch {
  readonly role: Role;
  readonly from: Date;
  readonly until: Date;
  readonly order: CallOrder;
}

/**
 * Whom to call for a role, over a time, in stretches without gaps between them. Whatever changes it (a hand-over, the
 * beginning or end of an override or of an absence) begins another stretch; neighbours may be alike. Pure.
 */
export function lookAhead(
  plan: Plan,
  overrides: readonly Override[],
  role: Role,
  { from, until }: { readonly from: Date; readonly until: Date },
): Stretch[] {
  const rotation = plan.roster.roles[role]?.rotation;
  const changes = [
    ...(rotation ? turnsBetween(rotation, plan.timeZone, from, until).map((turn) => turn.from) : []),
    ...plan.roster.away.flatMap((absence) => [new Date(absence.from), new Date(absence.until)]),
    ...overrides.flatMap((override) => (override.role === role ? [override.from, endOf(override)] : [])),
  ].filter((moment) => from < moment && moment < until);
  const begins = [from, ...changes].map(Number).toSorted((a, b) => a - b);
  return [...new Set(begins)].map((begin, index, all) => ({
    role,
    from: new Date(begin),
    until: new Date(all[index + 1] ?? until),
    order: callOrder(plan, overrides, role, new Date(begin)),
  }));
}

/** Neighbours that are alike by `key` as one; the order is the first one's. */
export function joinStretches(stretches: readonly Stretch[], key: (order: CallOrder) => string): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last && key(last.order) === key(stretch.order)) joined[joined.length - 1] = { ...last, until: stretch.until };
    else joined.push(stretch);
  }
  return joined;
}

/** By who is called first: what people call a hand-over. */
export const byFirst = ({ people }: CallOrder): string => people[0] ?? '';
