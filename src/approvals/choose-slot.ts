import type { PersonId, Role } from '#core';
import { type ApprovalPolicy, type Candidate, fits, type Seat, seat } from '#plan';
import type { ApprovalRecord } from './approval-record.ts';
import type { ApprovalRoster } from './approval-roster.ts';
import { eligibleApprovers, missingSlots } from './needs.ts';

interface Open {
  readonly policy: ApprovalPolicy;
  readonly requester: PersonId | undefined;
  readonly approvals: readonly ApprovalRecord[];
}

/**
 * The place that an approver fills, and as which role. Whoever holds two roles counts once, so the place must be
 * chosen such that the others can still be filled by the people left; of those, the place with the fewest other
 * people for it. Undefined when no open place fits.
 */
export function chooseSlot(
  { policy, requester, approvals }: Open,
  person: PersonId,
  roster: ApprovalRoster,
): { readonly slot: number; readonly role: Role } | undefined {
  const missing = missingSlots(policy, approvals);
  const self: Candidate = { person, roles: roster.rolesOf(person) };
  const others = eligibleApprovers(policy, roster, requester)
    .filter((other) => other !== person && !approvals.some((approval) => approval.person === other))
    .map((other): Candidate => ({ person: other, roles: roster.rolesOf(other) }));
  const fillable = (seats: readonly Seat[]): boolean => seat(seats, others).kind === 'seated';
  const options = missing
    .filter(({ seat: wanted }) => fits(self, wanted))
    .map((option) => ({
      ...option,
      leavesFillable: fillable(missing.filter(({ slot }) => slot !== option.slot).map((rest) => rest.seat)),
      rivals: others.filter((other) => fits(other, option.seat)).length,
    }))
    .sort((a, b) => Number(b.leavesFillable) - Number(a.leavesFillable) || a.rivals - b.rivals || a.slot - b.slot);
  const [best] = options;
  const role = best?.seat.anyOf.find((wanted) => self.roles.includes(wanted));
  return best && role ? { slot: best.slot, role } : undefined;
}
