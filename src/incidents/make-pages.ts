import type { IncidentId, PersonId } from '#core';
import type { SeverityName } from '#plan';
import { insertNew } from '#ports';
import type { UnmadePage } from './incident.ts';
import { pagesIn } from './incident-records.ts';
import { Page, type PageWay, type Way } from './page.ts';
import type { IncidentsWorld } from './world.ts';

/** Makes the page of a call, once: its id says for what. */
export async function insertPage(world: IncidentsWorld, incident: IncidentId, call: UnmadePage): Promise<void> {
  const ways = firstWays(world, call.severity, call.person, call.decidedAt);
  const page = { ...call, ...ways, incident, state: 'due', notBefore: call.decidedAt } as const;
  await insertNew(pagesIn(world.store), Page.parse(page));
}

/**
 * How somebody is reached at first: by the pager where the severity wants it, and in the chat. Where the pager can't reach
 * this person, by the second path at once.
 */
export function firstWays(
  world: Pick<IncidentsWorld, 'plan' | 'pager' | 'notifiers'>,
  severity: SeverityName,
  person: PersonId,
  now: Date,
): Pick<Page, 'ways' | 'secondPath'> {
  const direct = waiting('direct', now);
  if (!world.plan.severities[severity].reachBy.includes('pagerduty')) return { ways: [direct] };
  const hasId = world.plan.roster.people[person]?.pagerdutyUser !== undefined;
  if (world.pager && hasId) return { ways: [waiting('pager', now), direct] };
  const because = world.pager ? 'no PagerDuty id in the plan' : 'no PagerDuty is set up';
  return { ways: [direct, ...secondWays(world, severity, person, now)], secondPath: { since: now, because } };
}

/** The gateways that there are and that the plan knows an address for. Only what is urgent enough for the hotline rings. */
export function secondWays(
  { plan, notifiers }: Pick<IncidentsWorld, 'plan' | 'notifiers'>,
  severity: SeverityName,
  person: PersonId,
  now: Date,
): PageWay[] {
  const isUrgent = plan.severities[severity].reachBy.includes('hotline');
  const kinds = new Set(notifiers.map(({ kind }) => kind));
  return [...kinds]
    .filter((kind) => (kind !== 'voice' || isUrgent) && addressOf({ plan }, kind, person) !== undefined)
    .map((kind) => waiting(kind, now));
}

/** A webhook is told who is meant; the other ways need a number or an address. Calls without a number go to the hotline. */
export function addressOf({ plan }: Pick<IncidentsWorld, 'plan'>, way: Way, person: PersonId): string | undefined {
  const entry = plan.roster.people[person];
  if (way === 'webhook') return person;
  if (way === 'email') return entry?.email;
  if (way === 'voice') return entry?.phone ?? plan.contacts.hotline;
  return way === 'sms' ? entry?.phone : undefined;
}

const waiting = (way: Way, now: Date): PageWay => ({ way, state: 'waiting', tries: 0, nextAt: now });
