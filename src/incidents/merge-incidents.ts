import { bold, say } from '#core';
import type { Merging, Outcome } from './asked.ts';
import { carriedOver } from './carry-over.ts';
import { changeIncident, unknownIncident } from './change-incident.ts';
import { withDue } from './due.ts';
import { closedKeys } from './ended.ts';
import { who, withFact } from './facts.ts';
import { openOnly } from './holding.ts';
import { type Incident, openCauses } from './incident.ts';
import { readIncident } from './incident-records.ts';
import { addedCause } from './kept-causes.ts';
import { type View, wrongState } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Its causes go on in another open incident, which is answered, and what people did about it counts there (carry-over.ts). First
 * the causes, then the end of the first: a crash in between leaves both open, and the same again finishes it. Whoever looks up
 * one of its causes follows `mergedInto`. Throws NOT_FOUND, WRONG_STATE (user).
 */
export async function mergeInto(world: IncidentsWorld, { incident: id, into, by, intake }: Merging): Promise<Outcome> {
  const from = await readIncident(world.store, id);
  if (!from) throw unknownIncident(id);
  if (id === into) throw wrongState(`${id} can't be merged into itself.`, '/dr incident');
  if (from.mergedInto !== into) openOnly(from);
  const grow = (incident: Incident, view: View): Incident => {
    openOnly(incident);
    const lasting = openCauses(from);
    const grown = lasting.reduce((next, cause) => addedCause(next, withoutTimes(cause), view) ?? next, incident);
    // said again about one that was merged before, it must not give a role back to somebody who passed it on since
    const { incident: carried, words } =
      from.state === 'merged' ? { incident: grown, words: [] } : carriedOver(grown, from, view);
    const text = say`${bold(`${id} was merged into this`)} by ${who(by, view.roster.name)}: ${from.title}${words}`;
    const told = withFact(carried, { kind: 'incident', by, text });
    return withDue(told, view);
  };
  const outcome = await changeIncident(world, into, grow, { intake });
  const end = (incident: Incident): Incident | undefined => {
    if (incident.state === 'merged') return undefined;
    openOnly(incident);
    const over: Incident = { ...incident, state: 'merged', mergedInto: into, pagerKeys: closedKeys(incident) };
    return withFact(over, { kind: 'resolved', by, text: say`${bold('MERGED')} into ${into}, which goes on.` });
  };
  await changeIncident(world, id, end);
  return outcome;
}

function withoutTimes({ addedAt: _, endedAt: __, ...cause }: Incident['causes'][number]) {
  return cause;
}
