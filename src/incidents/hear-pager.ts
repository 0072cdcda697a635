import { type IncidentId, IncidentId as IncidentIdSchema, say } from '#core';
import { acknowledge, sameActor } from './acknowledge.ts';
import { callingLegs, currentKey, withNewKey } from './calling.ts';
import { changeIncident } from './change-incident.ts';
import { ended } from './ended.ts';
import { who, withFact } from './facts.ts';
import type { Incident } from './incident.ts';
import { readIncident } from './incident-records.ts';
import { actorOfPagerUser, personOfPagerUser } from './pager-users.ts';
import type { View } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/** `INC-17/sev-1/2`: whose key it is; undefined for what is not ours. */
export function incidentOfKey(key: string): IncidentId | undefined {
  const match = /^(INC-[0-9]+)\/sev-[1-3](\/[0-9]+)?$/.exec(key);
  return match ? IncidentIdSchema.safeParse(match[1]).data : undefined;
}

/**
 * Somebody acknowledged at the pager: here it counts as it would by a button. Under a key that calls no more it is stale, and so
 * is what is older than the moment at which calling began again. Idempotent.
 */
export async function hearAcknowledged(
  world: IncidentsWorld,
  id: IncidentId,
  { key, user, at }: { readonly key: string; readonly user: string | undefined; readonly at: Date },
): Promise<boolean> {
  // an integration did it, most of all our own, after somebody acknowledged here
  if (user === undefined) return false;
  const incident = await readIncident(world.store, id);
  if (incident?.state !== 'open' || currentKey(incident) !== key) return false;
  const by = actorOfPagerUser(world.plan, user);
  // the sweep sees it again and again, also long after it was taken and given to somebody else
  const isTaken = incident.acknowledgements.some(
    (each) => each.via === 'pagerduty' && each.at.getTime() === at.getTime() && sameActor(each.by, by),
  );
  if (isTaken) return false;
  const intake = `pager/${key}/${user}/${at.getTime()}`;
  const { changed } = await acknowledge(world, { incident: id, by, via: 'pagerduty', at, intake });
  // also what changed nothing was heard: it must not count when this person is called for something else later
  if (!changed) await changeIncident(world, id, (now) => heard(now, { by, at }));
  return changed;
}

function heard(incident: Incident, { by, at }: Pick<Incident['acknowledgements'][number], 'by' | 'at'>): Incident {
  const acknowledgements = [
    ...incident.acknowledgements,
    { by, at, via: 'pagerduty' as const, roles: [], counts: false },
  ];
  return { ...incident, acknowledgements };
}

/**
 * It was resolved at the pager. By somebody on the roster, or after somebody had it: it is over here too. By nobody we know
 * while nobody has it: recorded, and calling goes on under another key. While a run of it is under way it stays open.
 */
export async function hearResolved(
  world: IncidentsWorld,
  id: IncidentId,
  { key, user, at }: { readonly key: string; readonly user: string | undefined; readonly at: Date },
): Promise<boolean> {
  const before = await readIncident(world.store, id);
  if (before?.state !== 'open' || currentKey(before) !== key) return false;
  const isBusy = (await world.isRunUnderWay?.(before)) ?? false;
  const intake = `pager/${key}/resolved`;
  const { changed } = await changeIncident(
    world,
    id,
    (incident, view) => afterResolved(incident, { key, user, at, isBusy }, view),
    {
      intake,
    },
  );
  return changed;
}

function afterResolved(
  incident: Incident,
  { key, user, at, isBusy }: { key: string; user: string | undefined; at: Date; isBusy: boolean },
  view: View,
): Incident | undefined {
  const mine = incident.pagerKeys.find((each) => each.key === key);
  if (incident.state !== 'open' || currentKey(incident) !== key || mine?.wanted === 'resolved') return undefined;
  if (at < incident.openedAt) return undefined;
  const by = actorOfPagerUser(view.plan, user);
  const isOnRoster = user !== undefined && personOfPagerUser(view.plan, user) !== undefined;
  const closedThere = incident.pagerKeys.map((each) =>
    each.key === key
      ? { ...each, wanted: 'resolved' as const, told: 'resolved' as const, seen: 'resolved' as const }
      : each,
  );
  const seen: Incident = { ...incident, pagerKeys: closedThere };
  const isHeld = incident.legs.some(({ hold }) => hold) && callingLegs(incident).length === 0;
  if (!isBusy && (isOnRoster || isHeld)) {
    return ended(seen, { how: 'resolved', by, why: 'resolved in PagerDuty' }, view);
  }
  const because = isBusy ? 'a run of it is under way' : 'nobody on the roster did it';
  const text = say`${who(by, view.roster.name)} resolved it in PagerDuty. It stays open here: ${because}.`;
  return withFact(withNewKey(seen), { kind: 'incident', by, text });
}
