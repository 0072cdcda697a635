import { at, bold, formatDuration, mention, say } from '#core';
import { callNext } from './call-next.ts';
import { contactsOf, withLeg, withNewKey } from './calling.ts';
import { type Deadline, deadlines } from './deadlines.ts';
import { ended } from './ended.ts';
import { withFact } from './facts.ts';
import type { Incident, Leg } from './incident.ts';
import { afterMinutes, COMMANDER, severityOf, severityWord, type View } from './view.ts';

/** More than that at once is a loop of ours. */
const MOST_AT_ONCE = 200;

/**
 * The incident after everything that is due at `view.now`, in the order in which it was due; undefined when nothing is. What
 * is late is done once: each step counts its next deadline from now.
 */
export function afterDue(incident: Incident, view: View, isRunUnderWay = false): Incident | undefined {
  let current = incident;
  for (let done = 0; done < MOST_AT_ONCE; done += 1) {
    const [next] = deadlines(current, view);
    const isDue = next !== undefined && next.at <= view.now;
    if (!isDue || (next.what === 'resolve' && isRunUnderWay)) break;
    current = afterOne(current, next, view);
  }
  return current === incident ? undefined : current;
}

/** The incident with what is due done already: somebody who decided waits for no tick. */
export const withDue = (incident: Incident, view: View): Incident => afterDue(incident, view) ?? incident;

function afterOne(incident: Incident, due: Deadline, view: View): Incident {
  switch (due.what) {
    case 'call':
      return callNext(incident, due.leg, due.at, view);
    case 'ask':
      return askStillOnIt(incident, due.leg, view);
    case 'release':
      return release(incident, due.leg, view);
    case 'response-missed':
      return missedResponse(incident, view);
    case 'remind':
      return remind(incident, view);
    case 'resolve':
      return ended(incident, { how: 'by-itself', by: 'holdfast', why: 'every cause is over and stayed so' }, view);
  }
}

/** Asked once, for everything that this person has and is to be asked about by now. */
function askStillOnIt(incident: Incident, { hold }: Leg, view: View): Incident {
  if (!hold) return incident;
  const confirmBy = afterMinutes(view.now, severityOf(view, incident.severity).confirmWithinMinutes);
  const legs = incident.legs.map((leg) =>
    leg.hold?.by === hold.by && !leg.hold.confirmBy && leg.hold.askAt <= view.now
      ? { ...leg, hold: { ...leg.hold, confirmBy } }
      : leg,
  );
  const text = say`${mention(hold.by)} has had ${incident.id} since ${at(hold.at)}. Still on it? Without an answer by ${at(confirmBy)} calling begins again.`;
  return withFact(
    { ...incident, legs },
    {
      kind: 'incident',
      by: 'holdfast',
      text,
      notify: [hold.by],
      direct: { people: [hold.by], question: 'still-on-it' },
    },
  );
}

/** Whoever had it does not answer: the ladder begins anew, with somebody else where there is somebody else. */
function release(incident: Incident, leg: Leg, view: View): Incident {
  const { hold, ...rest } = leg;
  if (!hold?.confirmBy) return incident;
  const rounds = incident.rounds + 1;
  const { pagedAt: _, rung: __, ...bare } = rest;
  const begun: Leg = {
    ...bare,
    round: rounds,
    step: 0,
    people: [hold.by],
    called: [],
    releasedAt: view.now,
    nextAt: view.now,
  };
  const assignments = incident.assignments.filter(({ role, person }) => role !== leg.role || person !== hold.by);
  const within = formatDuration(severityOf(view, incident.severity).confirmWithinMinutes * 60_000);
  return withFact(withLeg(withNewKey({ ...incident, rounds, assignments }), begun), {
    kind: 'escalated',
    by: 'holdfast',
    text: say`${mention(hold.by)} did not say within ${within} whether they are still on it. Calling for ${view.roster.title(leg.role)} begins again.`,
    notify: [hold.by],
  });
}

function missedResponse(incident: Incident, view: View): Incident {
  const commander = contactsOf(incident, COMMANDER, view).slice(0, 1);
  const text = say`${bold('No answer in time')}: ${severityWord(incident.severity)} must be answered by ${at(incident.respondBy)}, and nobody has it. Calling goes on.`;
  return withFact({ ...incident, respondMissed: true }, { kind: 'escalated', by: 'holdfast', text, notify: commander });
}

function remind(incident: Incident, view: View): Incident {
  const every = severityOf(view, incident.severity).updateEveryMinutes;
  const commander = contactsOf(incident, COMMANDER, view).slice(0, 1);
  const last = incident.updates.at(-1);
  const text = last
    ? say`Last update to stakeholders ${formatDuration(view.now.getTime() - last.at.getTime())} ago. /dr incident update`
    : say`Stakeholders have not been told anything yet, ${formatDuration(view.now.getTime() - incident.openedAt.getTime())} after ${incident.id} was opened. /dr incident update`;
  const updateDueAt = afterMinutes(view.now, every);
  const direct = { people: commander, question: 'update' } as const;
  return withFact({ ...incident, updateDueAt }, { kind: 'incident', by: 'holdfast', text, notify: commander, direct });
}
