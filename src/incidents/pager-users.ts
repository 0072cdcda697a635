import { type PersonId, PersonId as PersonIdSchema } from '#core';
import type { Plan } from '#plan';
import type { Actor } from '#record';

/** Who somebody at the pager is: a person of the plan, or nobody we know. */
export function actorOfPagerUser(plan: Plan, user: string | undefined): Actor {
  const person = user === undefined ? undefined : personOfPagerUser(plan, user);
  return person ?? { outsider: user === undefined ? 'somebody in PagerDuty' : `${user} in PagerDuty` };
}

export function personOfPagerUser({ roster }: Plan, user: string): PersonId | undefined {
  const found = Object.entries(roster.people).find(([, { pagerdutyUser }]) => pagerdutyUser === user);
  return found && PersonIdSchema.parse(found[0]);
}
