import { bold, say } from '#core';
import type { SeverityName } from '#plan';
import type { Actor } from '#record';
import { calledRoles, callingLegs, nextCallAt, respondByOf, startLegs } from './calling.ts';
import { closedKeys } from './ended.ts';
import { who, withFact } from './facts.ts';
import type { Incident, Leg } from './incident.ts';
import { afterMinutes, severityOf, severityWord, type View } from './view.ts';

/**
 * Worse than it was: the plan's clock for the new severity begins now, and everybody it calls is called, although somebody
 * may have acknowledged the lower one. Only whoever raises it has it already. Who has a role that is not called any more keeps it.
 */
export function raised(incident: Incident, to: SeverityName, by: Actor, view: View): Incident {
  const roles = calledRoles(to, incident.causes, view);
  const keep = incident.legs
    .filter(({ role, hold }) => hold && (hold.by === by || !roles.includes(role)))
    .map((leg) => askedBy(leg, to, view));
  const dropped = incident.legs.filter((leg) => leg.hold && !keep.some(({ role }) => role === leg.role));
  const had = dropped.map(
    ({ hold, role }) =>
      `${hold ? view.roster.name(hold.by) : ''} had it as ${view.roster.title(role)} and is called again`,
  );
  const { respondedAt: _, ...rest } = incident;
  const next: Incident = {
    ...rest,
    severity: to,
    severities: [...incident.severities, { severity: to, at: view.now, by }],
    respondBy: respondByOf(view, to, view.now),
    respondMissed: false,
    updateDueAt: afterMinutes(view.now, severityOf(view, to).updateEveryMinutes),
  };
  const text = say`${bold(`${severityWord(incident.severity)} -> ${severityWord(to)}`)} by ${who(by, view.roster.name)}.${had.length > 0 ? ` ${had.join('; ')}.` : ''}`;
  return startLegs(withFact(next, { kind: 'incident', by, text }), roles, view, keep);
}

/**
 * Less bad than it was: what the lower severity does not call stops, the times become its own, and nobody is called for the
 * change. Whoever has it keeps it.
 */
export function lowered(incident: Incident, to: SeverityName, by: Actor, view: View): Incident {
  const rules = severityOf(view, to);
  const roles = calledRoles(to, incident.causes, view);
  const held = incident.legs.filter(({ hold }) => hold).map((leg) => askedBy(leg, to, view));
  const isEnough = rules.acknowledgedBy === 'one' && held.length > 0;
  const calling = isEnough ? [] : callingLegs(incident).filter(({ role }) => roles.includes(role));
  const stopped = callingLegs(incident).filter((leg) => !calling.includes(leg));
  const missing = isEnough || calling.length + held.length > 0 ? [] : roles;
  const first = incident.openedAt;
  const next: Incident = {
    ...incident,
    severity: to,
    severities: [...incident.severities, { severity: to, at: view.now, by }],
    legs: [...held, ...calling.map((leg) => laterCall(leg, to, view))],
    respondBy: respondByOf(view, to, first),
    updateDueAt: afterMinutes(incident.updates.at(-1)?.at ?? first, rules.updateEveryMinutes),
    pagerKeys: wantedAfterLowering(incident, calling.length === 0, rules.reachBy.includes('pagerduty')),
  };
  const words = stopped.map(({ role }) => view.roster.title(role)).join(', ');
  const text = say`${bold(`${severityWord(incident.severity)} -> ${severityWord(to)}`)} by ${who(by, view.roster.name)}.${words ? ` Calling stops for ${words}.` : ''}`;
  const told = withFact(next, { kind: 'incident', by, text });
  return missing.length > 0 ? startLegs(told, missing, view) : told;
}

/** When whoever has it is asked, by the new severity's time. Somebody who was asked already has to answer all the same. */
function askedBy(leg: Leg, to: SeverityName, view: View): Leg {
  if (!leg.hold || leg.hold.snoozedUntil) return leg;
  const askAt = afterMinutes(leg.hold.at, severityOf(view, to).askAgainAfterMinutes);
  return { ...leg, hold: { ...leg.hold, askAt } };
}

function laterCall(leg: Leg, to: SeverityName, view: View): Leg {
  return leg.pagedAt ? { ...leg, nextAt: nextCallAt(view, to, leg.pagedAt) } : leg;
}

function wantedAfterLowering(
  incident: Incident,
  nobodyIsCalled: boolean,
  isPagersBusiness: boolean,
): Incident['pagerKeys'] {
  if (!isPagersBusiness) return closedKeys(incident);
  if (!nobodyIsCalled) return incident.pagerKeys;
  return incident.pagerKeys.map((key, index) =>
    index === incident.pagerKeys.length - 1 && key.wanted === 'triggered'
      ? { ...key, wanted: 'acknowledged' as const }
      : key,
  );
}
