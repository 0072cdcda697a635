import type { ChangingSeverity, Outcome } from './asked.ts';
import { changeIncident } from './change-incident.ts';
import { withDue } from './due.ts';
import { openOnly } from './holding.ts';
import type { Incident } from './incident.ts';
import { lowered, raised } from './severity-changes.ts';
import { severityRank, type View } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Raising calls anew, under a key of its own, everybody whom the new severity calls. Lowering stops what no longer applies;
 * whoever has it keeps it. The same severity changes nothing. Throws NOT_FOUND, WRONG_STATE (user).
 */
export function changeSeverity(
  world: IncidentsWorld,
  { incident: id, by, to, intake }: ChangingSeverity,
): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident | undefined => {
    openOnly(incident);
    if (incident.severity === to) return undefined;
    const isRaise = severityRank(to) < severityRank(incident.severity);
    const next = isRaise ? raised(incident, to, by, view) : lowered(incident, to, by, view);
    return withDue(next, view);
  };
  return changeIncident(world, id, decide, { intake });
}
