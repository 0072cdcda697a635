import { bold, say } from '#core';
import { calledRoles, callingLegs, freshLeg } from './calling.ts';
import { withFact } from './facts.ts';
import type { Cause, Incident, KeptCause } from './incident.ts';
import { raised } from './severity-changes.ts';
import { severityOf, severityRank, type View } from './view.ts';

/**
 * The incident with a cause, new or in other words; undefined where it has it just so. Each is told once: words that change
 * while it lasts are for the card.
 */
export function addedCause(incident: Incident, cause: Cause, view: View): Incident | undefined {
  const had = incident.causes.find(({ key }) => key === cause.key);
  if (had && had.endedAt === undefined && isSameCause(had, cause)) return undefined;
  const kept: KeptCause = {
    ...cause,
    since: had && !had.endedAt ? had.since : cause.since,
    addedAt: had?.addedAt ?? view.now,
  };
  const causes = had
    ? incident.causes.map((each) => (each.key === cause.key ? kept : each))
    : [...incident.causes, kept];
  const { recoveringSince: _, ...rest } = incident;
  let next: Incident = { ...rest, causes };
  if (!had || had.endedAt) {
    const words = had ? 'Wrong again' : 'Also';
    if (incident.causes.length > 0 && !(had && incident.state === 'resolved')) {
      next = withFact(next, {
        kind: 'incident',
        by: 'holdfast',
        text: say`${bold(`${words}: ${cause.title}`)}. ${cause.effect}`,
      });
    }
  }
  if (severityRank(cause.severity) < severityRank(incident.severity)) {
    return raised(next, cause.severity, 'holdfast', view);
  }
  return withMissingLegs(next, view);
}

const isSameCause = (
  { addedAt: _, endedAt: __, since: ___, ...had }: KeptCause,
  { since: ____, ...cause }: Cause,
): boolean => JSON.stringify(Object.entries(had).sort()) === JSON.stringify(Object.entries(cause).sort());

/** Roles that a new cause calls besides. Where one acknowledgement is enough and there is one, nobody else is woken. */
function withMissingLegs(incident: Incident, view: View): Incident {
  const isEnough = severityOf(view, incident.severity).acknowledgedBy === 'one' && callingLegs(incident).length === 0;
  if (isEnough && incident.legs.length > 0) return incident;
  const missing = calledRoles(incident.severity, incident.causes, view).filter(
    (role) => !incident.legs.some((leg) => leg.role === role),
  );
  if (missing.length === 0) return incident;
  const rounds = incident.rounds + 1;
  return { ...incident, rounds, legs: [...incident.legs, ...missing.map((role) => freshLeg(role, rounds, view.now))] };
}
