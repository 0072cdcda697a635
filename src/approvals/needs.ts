import type { PersonId, Role } from '#core';
import { type ApprovalPolicy, joinWords, type Seat, seatsOf } from '#plan';
import type { ApprovalRecord } from './approval-record.ts';
import type { ApprovalRoster } from './approval-roster.ts';

/** One consent that is needed, with the people who could give it. Its place in the list is its slot. */
export interface ApprovalNeed {
  /** `Incident Commander or Technical Lead`. */
  readonly label: string;
  readonly roles: Role[];
  readonly eligible: PersonId[];
}

/** What a policy needs of this roster, for this requester: one entry a person, two for a need of two people. */
export function needsOf(
  policy: ApprovalPolicy,
  roster: ApprovalRoster,
  requester: PersonId | undefined,
): ApprovalNeed[] {
  const eligible = eligibleApprovers(policy, roster, requester);
  return seatsOf(policy.needs).map(({ anyOf }) => ({
    label: sayRoles(anyOf, roster),
    roles: [...anyOf],
    eligible: eligible.filter((person) => holds(roster, person, { anyOf })),
  }));
}

/** Everyone who could approve: linked, holding a role that is asked for, and not the requester where that is excluded. */
export function eligibleApprovers(
  policy: ApprovalPolicy,
  roster: ApprovalRoster,
  requester: PersonId | undefined,
): PersonId[] {
  return roster
    .people()
    .map(({ id }) => id)
    .filter((person) => roster.account(person) !== undefined)
    .filter((person) => policy.requester === 'counts' || person !== requester)
    .filter((person) => policy.needs.some((need) => holds(roster, person, need)));
}

/** The places nobody has filled yet. */
export function missingSlots(
  policy: ApprovalPolicy,
  approvals: readonly Pick<ApprovalRecord, 'slot'>[],
): { readonly slot: number; readonly seat: Seat }[] {
  return seatsOf(policy.needs)
    .map((seat, slot) => ({ slot, seat }))
    .filter(({ slot }) => !approvals.some((approval) => approval.slot === slot));
}

/** Whether every place is filled. What was filled by whom, and rightly, `verifyApprovals` says. */
export const isComplete = (policy: ApprovalPolicy, approvals: readonly Pick<ApprovalRecord, 'slot'>[]): boolean =>
  missingSlots(policy, approvals).length === 0;

export const holds = (roster: ApprovalRoster, person: PersonId, { anyOf }: Pick<Seat, 'anyOf'>): boolean =>
  roster.rolesOf(person).some((role) => anyOf.includes(role));

export const sayRoles = (roles: readonly Role[], roster: ApprovalRoster): string =>
  joinWords(
    roles.map((role) => roster.title(role)),
    'or',
  );
