import { at, bold, DrError, type IncidentId, IncidentId as IncidentIdSchema, outside, say } from '#core';
import { type ControlStore, insertNew } from '#ports';
import type { Actor } from '#record';
import type { Opened, Opening } from './asked.ts';
import { calledRoles, respondByOf, startLegs } from './calling.ts';
import { changeIncident, sealed, toldNow } from './change-incident.ts';
import { withDue } from './due.ts';
import { withFact } from './facts.ts';
import { type Cause, Incident, type KeptCause } from './incident.ts';
import { causeSlotsIn, incidentsIn } from './incident-records.ts';
import { addedCause } from './kept-causes.ts';
import { reopened } from './reopened.ts';
import { afterMinutes, severityOf, severityWord, type View, viewAt } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/** What comes back within that is the same incident; and what somebody resolved while it lasts is left alone for so long. */
const SAME_MINUTES = 30;

/**
 * Opens an incident, or joins or reopens the one that the cause belongs to. Idempotent: by the cause's key, or by the
 * intake. Whose incident a cause is, is one compare-and-set of the cause's slot, so that a hundred who see it at once open one.
 */
export async function openIncident(world: IncidentsWorld, opening: Opening): Promise<Opened> {
  const cause = opening.kind === 'found' ? opening.cause : saidCause(opening);
  const by: Actor = opening.kind === 'found' ? 'holdfast' : opening.by;
  const slots = causeSlotsIn(world.store);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const slot = await slots.get(cause.key);
    if (!slot) {
      await insertNew(slots, { id: cause.key, incident: await nextId(world.store) });
      continue;
    }
    const id = slot.value.incident;
    const incident = (await incidentsIn(world.store).get(id))?.value;
    if (!incident) {
      const opened = await insertFresh(world, id, cause, by);
      if (opened) return { incident: opened, changed: true, how: 'opened' };
      continue;
    }
    if (incident.mergedInto) {
      await slots.replace(slot, { ...slot.value, incident: incident.mergedInto });
      continue;
    }
    const place = placeOf(incident, cause.key, await world.store.now());
    switch (place) {
      case 'joined':
        return { ...(await changeIncident(world, id, (now, view) => joined(now, cause, view))), how: 'joined' };
      case 'reopened':
        return { ...(await changeIncident(world, id, (now, view) => cameBack(now, cause, view))), how: 'reopened' };
      case 'muted':
        return { incident, changed: false, how: 'muted' };
      case 'another':
        await slots.replace(slot, { ...slot.value, incident: await nextId(world.store) });
    }
  }
  throw new DrError('STORE_UNAVAILABLE', 'transient', `Whose ${cause.key} is changed a hundred times.`);
}

const saidCause = ({ intake, cause }: Extract<Opening, { kind: 'said' }>): Cause => {
  const title = outside(cause.title);
  return {
    ...cause,
    key: `said/${intake}`,
    title: typeof title === 'object' && 'quote' in title ? title.quote : cause.title,
  };
};

const nextId = async (store: ControlStore): Promise<IncidentId> =>
  IncidentIdSchema.parse(`INC-${await store.nextNumber('incidents')}`);

/** Where a cause goes whose last incident is this one. */
function placeOf(incident: Incident, key: string, now: Date): 'joined' | 'reopened' | 'muted' | 'another' {
  const { ending } = incident;
  if (!ending) return 'joined';
  const lasts = incident.causes.some((each) => each.key === key && each.endedAt === undefined);
  const isRecent = now < afterMinutes(ending.at, SAME_MINUTES);
  if (ending.how === 'not-an-incident') return lasts ? 'muted' : 'another';
  if (lasts) return ending.how === 'resolved' && isRecent ? 'muted' : 'reopened';
  return isRecent ? 'reopened' : 'another';
}

/** What found it may have been decided on an incident that ended since; the next look decides again. */
const joined = (incident: Incident, cause: Cause, view: View): Incident | undefined => {
  if (incident.state !== 'open') return undefined;
  const added = addedCause(incident, cause, view);
  return added && withDue(added, view);
};

const cameBack = (incident: Incident, cause: Cause, view: View): Incident | undefined => {
  if (incident.state !== 'resolved') return undefined;
  const open = reopened(incident, { by: 'holdfast', why: 'it is wrong again' }, view);
  return withDue(addedCause(open, cause, view) ?? open, view);
};

async function insertFresh(
  world: IncidentsWorld,
  id: IncidentId,
  cause: Cause,
  by: Actor,
): Promise<Incident | undefined> {
  const view = await viewAt(world, await world.store.now());
  const fresh = freshIncident(id, cause, by, view);
  const next = sealed(withDue(fresh, view), view);
  if (!(await insertNew(incidentsIn(world.store), Incident.parse(next)))) return undefined;
  return toldNow(world, next);
}

function freshIncident(id: IncidentId, cause: Cause, openedBy: Actor, view: View): Incident {
  const { now, roster } = view;
  const { severity } = cause;
  const kept: KeptCause = { ...cause, addedAt: now };
  const assignments = roster.roles().flatMap((role) => {
    const person = view.contacts(role)[0];
    return person ? [{ role, person, by: 'holdfast' as const, at: now }] : [];
  });
  const bare: Incident = {
    id,
    state: 'open',
    title: cause.title,
    severity,
    severities: [{ severity, at: now, by: openedBy }],
    causes: [kept],
    openedBy,
    since: cause.since,
    openedAt: now,
    assignments,
    responders: [],
    legs: [],
    pagerKeys: [],
    respondBy: respondByOf(view, severity, now),
    respondMissed: false,
    acknowledgements: [],
    updates: [],
    updateDueAt: afterMinutes(now, severityOf(view, severity).updateEveryMinutes),
    proposals: [],
    reopened: 0,
    facts: 0,
    rounds: 0,
    pagerOpen: false,
    untold: true,
    untoldEntries: [],
    unmadePages: [],
    intakes: [],
    changedAt: now,
  };
  const text = say`${bold(`${severityWord(severity)} opened: ${cause.title}`)} since ${at(cause.since)}. ${cause.effect}`;
  const told = withFact(bare, { kind: 'incident', by: openedBy, text });
  return startLegs(told, calledRoles(severity, [kept], view), view);
}
