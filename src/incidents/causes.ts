import { DrError, type IncidentId, say } from '#core';
import { insertNew } from '#ports';
import type { Outcome } from './asked.ts';
import { changeIncident, unknownIncident } from './change-incident.ts';
import { withDue } from './due.ts';
import { withFact } from './facts.ts';
import type { Cause, Incident } from './incident.ts';
import { causeSlotsIn, readIncident } from './incident-records.ts';
import { addedCause } from './kept-causes.ts';
import { type View, wrongState } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Puts another cause into an open incident; raises its severity where the cause is worse. Where the cause is in another open
 * incident it stays there, and that one is answered. Idempotent by the key; new words replace the old ones. Throws WRONG_STATE
 * (user) when the incident is over.
 */
export async function addCause(
  world: IncidentsWorld,
  { incident: id, cause }: { readonly incident: IncidentId; readonly cause: Cause },
): Promise<Outcome> {
  const wanted = await readIncident(world.store, id);
  if (!wanted) throw unknownIncident(id);
  if (wanted.state !== 'open') throw wrongState(`${id} is over.`, `/dr incident show ${id}`);
  const owner = await ownSlot(world, cause.key, id);
  return changeIncident(world, owner, (incident, view) => {
    if (incident.state !== 'open') throw wrongState(`${owner} is over.`, `/dr incident show ${owner}`);
    const added = addedCause(incident, cause, view);
    return added && withDue(added, view);
  });
}

/** Whose the cause is: this incident's, unless another open one has it. */
async function ownSlot({ store }: IncidentsWorld, key: string, id: IncidentId): Promise<IncidentId> {
  const slots = causeSlotsIn(store);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const slot = await slots.get(key);
    if (!slot) {
      await insertNew(slots, { id: key, incident: id });
      continue;
    }
    const owner = slot.value.incident;
    if (owner === id || (await readIncident(store, owner))?.state === 'open') return owner;
    if (await slots.replace(slot, { ...slot.value, incident: id })) return id;
  }
  throw new DrError('STORE_UNAVAILABLE', 'transient', `Whose ${key} is changed a hundred times.`);
}

/**
 * The thing is well again; or it is not, and `instead` says why it is none of this incident any more. When it was the last one
 * the incident recovers: nobody is called meanwhile, and after a calm time it resolves itself. Undefined: nothing knows this
 * key. Idempotent.
 */
export async function endCause(
  world: IncidentsWorld,
  { key, instead }: { readonly key: string; readonly instead?: string },
): Promise<Outcome | undefined> {
  const slots = causeSlotsIn(world.store);
  let id = (await slots.get(key))?.value.incident;
  let incident = id && (await readIncident(world.store, id));
  // of two that were merged the slot may still name the first
  for (let hops = 0; incident?.mergedInto && hops < 20; hops += 1) {
    id = incident.mergedInto;
    incident = await readIncident(world.store, id);
  }
  if (!id || !incident) return undefined;
  return changeIncident(world, id, (now, view) => withEndedCause(now, key, view, instead));
}

function withEndedCause(incident: Incident, key: string, view: View, instead = 'Well again'): Incident | undefined {
  const lasting = incident.causes.find((cause) => cause.key === key && cause.endedAt === undefined);
  if (!lasting) return undefined;
  const causes = incident.causes.map((cause) => (cause === lasting ? { ...cause, endedAt: view.now } : cause));
  const next: Incident = { ...incident, causes };
  if (incident.state !== 'open') return next;
  const isLast = causes.every(({ endedAt }) => endedAt !== undefined);
  const then = isLast
    ? `When it stays so ${incident.id} resolves itself; nobody is called meanwhile.`
    : `Something else of ${incident.id} is not over.`;
  const told = withFact(next, { kind: 'incident', by: 'holdfast', text: say`${instead}: ${lasting.title}. ${then}` });
  return isLast ? { ...told, recoveringSince: view.now } : told;
}
