import { bold, outside, say } from '#core';
import type { Actor } from '#record';
import { calledRoles, respondByOf, startLegs } from './calling.ts';
import { withFact } from './facts.ts';
import type { Incident } from './incident.ts';
import { afterMinutes, severityOf, type View } from './view.ts';

/** Open again, with the same id and thread; everybody is called as at its first opening. */
export function reopened(
  incident: Incident,
  { by, why }: { readonly by: Actor; readonly why: string },
  view: View,
): Incident {
  const { ending: _, respondedAt: __, recoveringSince: ___, ...rest } = incident;
  const { severity } = incident;
  const open: Incident = {
    ...rest,
    state: 'open',
    reopened: incident.reopened + 1,
    respondBy: respondByOf(view, severity, view.now),
    respondMissed: false,
    updateDueAt: afterMinutes(view.now, severityOf(view, severity).updateEveryMinutes),
  };
  const because = by === 'holdfast' ? why : outside(why);
  const text = say`${bold('OPEN AGAIN')}: ${because}. Whoever is on duty is called again.`;
  const told = withFact(open, { kind: 'incident', by, text });
  return startLegs(told, calledRoles(severity, incident.causes, view), view);
}
