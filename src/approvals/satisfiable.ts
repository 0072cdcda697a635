import { DrError, type PersonId, type RequestId } from '#core';
import { type ApprovalPolicy, joinWords, type Seat, seat, seatsOf } from '#plan';
import type { ApprovalRoster } from './approval-roster.ts';
import { eligibleApprovers, holds, sayRoles } from './needs.ts';

/** Whether a policy can be filled at all, and if not, what stands in the way. */
export type Satisfiability =
  | { readonly kind: 'satisfiable' }
  | {
      readonly kind: 'unsatisfiable';
      /** The places there are too few people for. */
      readonly seats: readonly Seat[];
      /** Holders of those roles who can't approve, and why. */
      readonly barred: readonly { readonly person: PersonId; readonly why: 'asked' | 'not-linked' }[];
    };

export function satisfiability(
  policy: ApprovalPolicy,
  roster: ApprovalRoster,
  requester: PersonId | undefined,
): Satisfiability {
  const candidates = eligibleApprovers(policy, roster, requester).map((person) => ({
    person,
    roles: roster.rolesOf(person),
  }));
  const seating = seat(seatsOf(policy.needs), candidates);
  if (seating.kind === 'seated') return { kind: 'satisfiable' };
  const barred = roster
    .people()
    .map(({ id }) => id)
    .filter((person) => seating.seats.some((wanted) => holds(roster, person, wanted)))
    .filter((person) => !candidates.some((candidate) => candidate.person === person))
    .map((person) => ({ person, why: person === requester ? ('asked' as const) : ('not-linked' as const) }));
  return { kind: 'unsatisfiable', seats: seating.seats, barred };
}

/**
 * Says at once that nobody can approve, instead of letting people wait for it. Throws UNSATISFIABLE (user) with who
 * is missing and why; `data.barred` names the people. Nothing was changed.
 */
export function checkSatisfiable(
  policy: ApprovalPolicy,
  roster: ApprovalRoster,
  requester: PersonId | undefined,
  request?: RequestId,
): void {
  const verdict = satisfiability(policy, roster, requester);
  if (verdict.kind === 'satisfiable') return;
  const { seats, barred } = verdict;
  const excluded = policy.requester === 'excluded' && requester !== undefined ? ', not the person who asked' : '';
  const needed = [...new Set(seats.map(({ anyOf }) => sayRoles(anyOf, roster)))];
  const count = seats.length > 1 ? `${seats.length} people, ` : '';
  throw new DrError(
    'UNSATISFIABLE',
    'user',
    [
      `${request ?? 'This'} cannot be approved as things stand.`,
      `Needed: ${count}${joinWords(needed, 'and')}${excluded}.`,
      sayBarred(barred, roster),
      'Nothing was changed.',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    { hint: wayOut(barred, roster), data: { needed, barred } },
  );
}

type Barred = Extract<Satisfiability, { kind: 'unsatisfiable' }>['barred'];

function sayBarred(barred: Barred, roster: ApprovalRoster): string {
  const clauses = barred.map(({ person, why }) =>
    why === 'asked' ? `${roster.name(person)} asked for it` : `${roster.name(person)} has no linked Slack account`,
  );
  return clauses.length === 0 ? 'The roster has too few people there.' : `${clauses.join('; ')}.`;
}

function wayOut(barred: Barred, roster: ApprovalRoster): string {
  const ways = barred.map(({ person, why }) =>
    why === 'asked' ? 'let someone else ask (any responder)' : `give ${roster.name(person)} a slack_user in plan.yaml`,
  );
  const all = ways.length === 0 ? ['give more people these roles in plan.yaml'] : [...new Set(ways)];
  return `What you can do: ${all.join(', or ')}`;
}
