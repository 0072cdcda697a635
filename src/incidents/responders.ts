import { DrError, mention, type PersonId, type Role, say } from '#core';
import type { AddingResponder, Assigning, Outcome } from './asked.ts';
import { contactsOf, freshLeg, withPages } from './calling.ts';
import { changeIncident } from './change-incident.ts';
import { withDue } from './due.ts';
import { withFact } from './facts.ts';
import { openOnly } from './holding.ts';
import type { Incident } from './incident.ts';
import type { View } from './view.ts';
import type { IncidentsWorld } from './world.ts';

/**
 * Has somebody called besides: a person once, a role up its whole ladder until somebody of it has it. Throws NOT_FOUND (user)
 * where nobody can be called, WRONG_STATE (user) when it is over.
 */
export async function addResponder(
  world: IncidentsWorld,
  { incident: id, by, whom, intake }: AddingResponder,
): Promise<Outcome & { readonly called: readonly PersonId[] }> {
  const decide = (incident: Incident, view: View): Incident | undefined => {
    openOnly(incident);
    return 'person' in whom ? withPerson(incident, whom.person, by, view) : withRole(incident, whom.role, by, view);
  };
  const outcome = await changeIncident(world, id, decide, { intake });
  return { ...outcome, called: calledFor(outcome.incident, whom) };
}

const calledFor = ({ legs }: Incident, whom: AddingResponder['whom']): readonly PersonId[] =>
  'person' in whom ? [whom.person] : (legs.find(({ role }) => role === whom.role)?.people ?? []);

function withPerson(incident: Incident, person: PersonId, by: PersonId, view: View): Incident {
  knownPerson(person, view);
  const rounds = incident.rounds + 1;
  const responders = [...new Set([...incident.responders, person])];
  const call = { round: rounds, step: 1, why: 'responder', dueAt: view.now, decidedAt: view.now } as const;
  const text = say`Paged ${mention(person)}, asked for by ${view.roster.name(by)}.`;
  return withFact(withPages({ ...incident, rounds, responders }, [person], call), {
    kind: 'paged',
    by,
    text,
    notify: [person],
  });
}

function withRole(incident: Incident, role: Role, by: PersonId, view: View): Incident | undefined {
  knownRole(role, view);
  if (contactsOf(incident, role, view).length === 0) {
    throw new DrError('NOT_FOUND', 'user', `Nobody is there as ${view.roster.title(role)}. Nothing was changed.`, {
      hint: '/dr oncall gaps',
    });
  }
  if (incident.legs.some((leg) => leg.role === role)) return undefined;
  const rounds = incident.rounds + 1;
  const text = say`${view.roster.name(by)} asked for ${view.roster.title(role)}.`;
  const told = withFact(incident, { kind: 'paged', by, text });
  const next = { ...told, rounds, legs: [...told.legs, freshLeg(role, rounds, view.now)] };
  return withDue(next, view);
}

/** Gives a role of this incident to somebody on the roster; they are told, and called first for it from then on. */
export function assign(world: IncidentsWorld, asked: Assigning): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident | undefined => {
    openOnly(incident);
    const next = assigned(incident, asked, view);
    return next && withFact(next, assignedFact(asked, view, ''));
  };
  return changeIncident(world, asked.incident, decide, { intake: asked.intake });
}

/**
 * Gives a role and the calling for it to somebody, who is called. Until they acknowledge, whoever has it keeps it: nothing
 * falls between two people.
 */
export function handOver(world: IncidentsWorld, asked: Assigning): Promise<Outcome> {
  const decide = (incident: Incident, view: View): Incident | undefined => {
    openOnly(incident);
    const next = assigned(incident, asked, view);
    if (!next) return undefined;
    const rounds = next.rounds + 1;
    const keeper = incident.legs.find(({ role }) => role === asked.role)?.hold?.by;
    const until = keeper ? ` Until they acknowledge, ${view.roster.name(keeper)} has it.` : '';
    const call = {
      role: asked.role,
      round: rounds,
      step: 1,
      why: 'hand-over',
      dueAt: view.now,
      decidedAt: view.now,
    } as const;
    const legs = next.legs.map((leg) =>
      leg.role === asked.role ? { ...leg, reached: [...new Set([...leg.reached, asked.to])] } : leg,
    );
    return withFact(withPages({ ...next, rounds, legs }, [asked.to], call), assignedFact(asked, view, until));
  };
  return changeIncident(world, asked.incident, decide, { intake: asked.intake });
}

function assigned(incident: Incident, { role, to, by }: Assigning, view: View): Incident | undefined {
  knownRole(role, view);
  knownPerson(to, view);
  const had = incident.assignments.find((each) => each.role === role);
  if (had?.person === to && had.by !== 'holdfast') return undefined;
  const others = incident.assignments.filter((each) => each.role !== role);
  return { ...incident, assignments: [...others, { role, person: to, by, at: view.now }] };
}

const assignedFact = ({ role, to, by }: Assigning, { roster }: View, more: string) =>
  ({
    kind: 'incident',
    by,
    text: say`${mention(to)} is ${roster.title(role)} of this incident, by ${roster.name(by)}.${more}`,
    notify: [to],
  }) as const;

function knownPerson(person: PersonId, { roster }: View): void {
  if (!roster.person(person)) roster.findPerson(person);
}

function knownRole(role: Role, { roster }: View): void {
  if (roster.roles().includes(role)) return;
  throw new DrError('NOT_FOUND', 'user', `The plan has no role ${role}. Nothing was changed.`, {
    hint: `Roles: ${roster.roles().join(', ')}.`,
  });
}
