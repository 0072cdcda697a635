import type { PersonId, Role } from '#core';
import type { Plan } from '#plan';
import { dayIn, dayNumber, firstMoment, isoDay } from './clock-moment.ts';
import { joinStretches, lookAhead, type Stretch } from './look-ahead.ts';
import { endOf, type Override } from './override.ts';
import type { Roster } from './roster.ts';

/** A time in which nobody, or only one person, would be called for a role. */
export interface Gap {
  readonly role: Role;
  readonly from: Date;
  readonly until: Date;
  /** The only one; undefined: nobody. */
  readonly only: PersonId | undefined;
  /** The plan's holidays in it, as it writes them. */
  readonly holidays: readonly string[];
}

export const WAYS = ['Slack', 'PagerDuty', 'phone'] as const;
export type Way = (typeof WAYS)[number];

/** What is wrong with who would be called. */
export interface GapReport {
  readonly from: Date;
  readonly until: Date;
  readonly roles: number;
  /** Times with nobody. */
  readonly nobody: readonly Gap[];
  /** Times with one person, and nobody after. */
  readonly alone: readonly Gap[];
  /** Who would be called, and how they can't be. */
  readonly unreachable: readonly { readonly person: PersonId; readonly lacks: readonly Way[] }[];
  /** Overrides that call nobody for some time, because whoever takes the role is away by the plan then. */
  readonly idle: readonly Override[];
  /** The plan's holidays, with whoever is called first at noon then, by the order of roles. */
  readonly holidays: readonly { readonly day: string; readonly first: readonly PersonId[] }[];
}

/** Looks ahead at every role. Pure. */
export function findGaps(
  plan: Plan,
  roster: Roster,
  overrides: readonly Override[],
  time: { readonly from: Date; readonly until: Date },
): GapReport {
  const stretches = roster.roles().map((role) => lookAhead(plan, overrides, role, time));
  const thin = stretches.flatMap((each) =>
    joinStretches(each, ({ people }) => (people.length > 1 ? 'several' : (people[0] ?? ''))).flatMap((stretch) =>
      stretch.order.people.length > 1 ? [] : [gapOf(stretch, plan)],
    ),
  );
  const called = new Set(stretches.flat().flatMap(({ order }) => order.people));
  return {
    ...time,
    roles: stretches.length,
    nobody: thin.filter(({ only }) => only === undefined),
    alone: thin.filter(({ only }) => only !== undefined),
    unreachable: [...called].flatMap((person) => {
      const lacks = lackedBy(plan, person);
      return lacks.length > 0 ? [{ person, lacks }] : [];
    }),
    idle: overrides.filter((override) => isIdle(plan, override, time)),
    holidays: holidaysIn(plan, time).map((day) => {
      const noon = firstMoment(dayNumber(day), '12:00', plan.timeZone);
      const first = roster.roles().flatMap((role) => roster.callOrder(role, noon, overrides).people[0] ?? []);
      return { day, first: [...new Set(first)] };
    }),
  };
}

const gapOf = ({ role, from, until, order }: Stretch, plan: Plan): Gap => ({
  role,
  from,
  until,
  only: order.people[0],
  holidays: holidaysIn(plan, { from, until }),
});

/** The holidays of which some part lies in a time, in order. */
function holidaysIn({ businessDays, timeZone }: Plan, { from, until }: { from: Date; until: Date }): string[] {
  const [first, last] = [isoDay(dayIn(timeZone, from)), isoDay(dayIn(timeZone, new Date(until.getTime() - 1)))];
  return [...new Set(businessDays.holidays)].filter((day) => first <= day && day <= last).toSorted();
}

function lackedBy({ roster }: Plan, id: PersonId): Way[] {
  const person = roster.people[id];
  const has: Record<Way, unknown> = {
    Slack: person?.slackUser,
    PagerDuty: person?.pagerdutyUser,
    phone: person?.phone,
  };
  return WAYS.filter((way) => has[way] === undefined);
}

const isIdle = ({ roster }: Plan, override: Override, { from, until }: { from: Date; until: Date }): boolean =>
  roster.away.some((absence) => {
    const begins = Math.max(Date.parse(absence.from), override.from.getTime(), from.getTime());
    const ends = Math.min(Date.parse(absence.until), endOf(override).getTime(), until.getTime());
    return absence.person === override.person && begins < ends;
  });
