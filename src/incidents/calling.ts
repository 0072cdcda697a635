import type { PersonId, Role } from '#core';
import { escalateAt, severityTimes } from '#oncall';
import type { SeverityName } from '#plan';
import { type Incident, type KeptCause, type Leg, openCauses, type Rung, type UnmadePage } from './incident.ts';
import { afterMinutes, COMMANDER, severityOf, type View } from './view.ts';

/** Whom a step of the ladder calls. */
export interface Step {
  readonly rung: Rung;
  readonly people: readonly PersonId[];
  /** Everyone was called before: the ladder begins anew with this step. */
  readonly isAnew: boolean;
}

/** However often a plan wants to call, nobody's telephone rings more often than that: a page must be read first. */
const LEAST_MINUTES = 0.25;

/** The roles that are called: the severity's, each cause's own, and the one that assesses what may be hostile. */
export function calledRoles(severity: SeverityName, causes: readonly KeptCause[], view: View): Role[] {
  const active = openCauses({ causes });
  const own = active.flatMap(({ role }) => (role ? [role] : []));
  const security = active.some(({ hostile }) => hostile) ? [view.plan.contacts.securityRole] : [];
  return [...new Set([...severityOf(view, severity).page, ...own, ...security])];
}

/** A ladder that begins now, with nobody called yet. */
export const freshLeg = (role: Role, round: number, now: Date): Leg => ({
  role,
  round,
  begunAt: now,
  step: 0,
  people: [],
  called: [],
  reached: [],
  nextAt: now,
});

/** Contacts of a role in an incident: whom somebody named for it here, then whoever is on duty, then the others. */
export function contactsOf(incident: Pick<Incident, 'assignments'>, role: Role, view: View): PersonId[] {
  const named = incident.assignments.filter((each) => each.role === role && each.by !== 'holdfast');
  return [...new Set([...named.map(({ person }) => person), ...view.contacts(role)])];
}

/**
 * The next step of a leg's ladder: contacts, the commander, everyone; then anew. Steps without anybody are left out, and so
 * is one that would call the same person alone again, unless there is nobody else. Undefined: the roster is empty.
 */
export function nextStep(incident: Pick<Incident, 'assignments'>, leg: Leg, view: View): Step | undefined {
  const contacts = contactsOf(incident, leg.role, view);
  const commander = contactsOf(incident, COMMANDER, view).slice(0, 1);
  const everyone = view.roster.people().map(({ id }) => id);
  const of = (called: readonly PersonId[], isAnew: boolean): Step[] => [
    ...contacts.filter((each) => !called.includes(each)).map((each) => step('contact', [each], isAnew)),
    ...commander
      .filter((each) => !called.includes(each) && !contacts.includes(each))
      .map((each) => step('commander', [each], isAnew)),
    step('everyone', everyone, isAnew),
  ];
  const wasEveryone = leg.rung === 'everyone';
  const ahead = [...(wasEveryone ? [] : of(leg.called, false)), ...of([], true)].filter(
    ({ people }) => people.length > 0,
  );
  return ahead.find(({ people }) => !isSame(people, leg.people)) ?? ahead[0];
}

const step = (rung: Rung, people: readonly PersonId[], isAnew: boolean): Step => ({ rung, people, isAnew });

const isSame = (a: readonly PersonId[], b: readonly PersonId[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each));

/** When the next are called if nobody answers a call of `paged`. */
export function nextCallAt(view: View, severity: SeverityName, paged: Date): Date {
  const least = afterMinutes(paged, LEAST_MINUTES);
  const wanted = escalateAt(view.plan, severity, paged);
  return wanted > least ? wanted : least;
}

/** By when somebody must have answered an incident that became so bad at `from`. */
export const respondByOf = ({ plan }: View, severity: SeverityName, from: Date): Date =>
  severityTimes(plan, severity, from).respondBy;

/** The key under which the pager calls now. */
export const currentKey = ({ pagerKeys }: Incident): string => pagerKeys.at(-1)?.key ?? '';

/** Another key: people who acknowledged under the one before are called again. The ones before are to be closed there. */
export function withNewKey(incident: Incident): Incident {
  const base = `${incident.id}/${incident.severity}`;
  const before = incident.pagerKeys.filter(({ severity }) => severity === incident.severity).length;
  const key = before === 0 ? base : `${base}/${before + 1}`;
  const closed = incident.pagerKeys.map((each) => ({ ...each, wanted: 'resolved' as const }));
  return { ...incident, pagerKeys: [...closed, { key, severity: incident.severity, wanted: 'triggered' }] };
}

/** Every role's ladder begins anew, under another key. Legs that `keep` holds stay as they are. */
export function startLegs(incident: Incident, roles: readonly Role[], view: View, keep: readonly Leg[] = []): Incident {
  const kept = new Set(keep.map(({ role }) => role));
  const rounds = incident.rounds + 1;
  const begun = roles.filter((role) => !kept.has(role)).map((role) => freshLeg(role, rounds, view.now));
  return withNewKey({ ...incident, rounds, legs: [...keep, ...begun] });
}

export const withLeg = (incident: Incident, leg: Leg): Incident => ({
  ...incident,
  legs: incident.legs.map((each) => (each.role === leg.role ? leg : each)),
});

/** Calls that are to become pages once the decision stands. */
export function withPages(
  incident: Incident,
  people: readonly PersonId[],
  call: Omit<UnmadePage, 'id' | 'person' | 'severity' | 'pagerKey'> & { readonly pagerKey?: string },
): Incident {
  const what = call.role ?? 'called';
  const pages = people.map((person): UnmadePage => {
    const id = [incident.id, incident.severity, what, call.round, call.step, person].join('/');
    return { pagerKey: currentKey(incident), ...call, id, person, severity: incident.severity };
  });
  return { ...incident, unmadePages: [...incident.unmadePages, ...pages] };
}

/** Whether this person's acknowledgement ends the calling of a leg: they were called for it, hold the role, or have it here. */
export const countsFor = (incident: Incident, leg: Leg, person: PersonId, view: View): boolean =>
  leg.reached.includes(person) ||
  contactsOf(incident, leg.role, view).includes(person) ||
  (severityOf(view, incident.severity).acknowledgedBy === 'one' && incident.responders.includes(person));

/** The legs for which nobody has it. */
export const callingLegs = ({ legs }: Incident): Leg[] => legs.filter(({ hold }) => hold === undefined);
