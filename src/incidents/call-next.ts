import { formatDuration, mention, type PersonId, say, type Text } from '#core';
import { nextCallAt, nextStep, type Step, withLeg, withNewKey, withPages } from './calling.ts';
import { withFact } from './facts.ts';
import type { Incident, Leg } from './incident.ts';
import type { View } from './view.ts';

/** Calls whoever is next on a leg's ladder. Counted from now, not from when it was due: nobody loses time to answer in. */
export function callNext(incident: Incident, leg: Leg, dueAt: Date, view: View): Incident {
  const step = nextStep(incident, leg, view);
  const nextAt = nextCallAt(view, incident.severity, view.now);
  if (!step) return withLeg(incident, { ...leg, nextAt });
  const begun = step.isAnew ? anew(incident, leg) : { incident, leg };
  const called = [...step.people];
  const next: Leg = {
    ...begun.leg,
    step: begun.leg.step + 1,
    rung: step.rung,
    people: called,
    called: [...new Set([...begun.leg.called, ...called])],
    reached: [...new Set([...begun.leg.reached, ...called])],
    pagedAt: view.now,
    nextAt,
  };
  const { role, round, rung } = next;
  const why = { role, rung, round, step: next.step, why: 'ladder', dueAt, decidedAt: view.now } as const;
  return withFact(withPages(withLeg(begun.incident, next), called, why), {
    kind: leg.pagedAt ? 'escalated' : 'paged',
    by: 'holdfast',
    text: say`${unanswered(leg, view)}Paged ${whom(step, leg, view)}.`,
    notify: called,
  });
}

/** Under another key: under the old one the pager would not call again whom it has called. */
function anew(incident: Incident, leg: Leg): { incident: Incident; leg: Leg } {
  const rounds = incident.rounds + 1;
  return { incident: withNewKey({ ...incident, rounds }), leg: { ...leg, round: rounds, step: 0, called: [] } };
}

function unanswered({ pagedAt, people, rung }: Leg, { now, roster }: View): string {
  if (!pagedAt) return '';
  const from = rung === 'everyone' ? 'anybody' : people.map((each) => roster.name(each)).join(', ');
  return `${formatDuration(now.getTime() - pagedAt.getTime())} without an answer from ${from}. `;
}

function whom({ rung, people }: Step, { role }: Leg, view: View): Text {
  const title = view.roster.title(role);
  if (rung === 'everyone') return say`everyone on the roster, for ${title}`;
  const called = people.flatMap((person) => [mention(person)]);
  if (rung === 'commander') return say`${called} (leads incidents, for ${title})`;
  return say`${called} (${isFirst(people, role, view) ? title : `backup ${title}`})`;
}

const isFirst = (people: readonly PersonId[], role: Leg['role'], view: View): boolean =>
  view.contacts(role)[0] === people[0];
