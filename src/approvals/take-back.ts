import type { PersonId } from '#core';
import type { ApprovalRecord } from './approval-record.ts';
import type { ApprovalRoster } from './approval-roster.ts';
import type { ApprovalRequest, Click } from './decide.ts';
import { eligibleApprovers } from './needs.ts';
import type { Refusal } from './refusal.ts';

export type TakenBack =
  | { readonly kind: 'taken-back'; readonly approvals: readonly ApprovalRecord[]; readonly was: ApprovalRecord }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'not-given' };

/** Takes one's own approval back, as long as the request waits. Once it is approved, `/dr hold` and `/dr stop` remain. */
export function unapprove(open: ApprovalRequest, person: PersonId | undefined, at: Date): TakenBack {
  const closed = whyClosed(open, person, at);
  if (closed) return { kind: 'refused', refusal: closed };
  const was = open.approvals.find((approval) => approval.person === person);
  if (!was) return { kind: 'not-given' };
  return { kind: 'taken-back', approvals: open.approvals.filter((approval) => approval !== was), was };
}

export type Denial =
  | { readonly kind: 'denied'; readonly by: PersonId; readonly reason: string; readonly at: Date }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Ends a request with a reason. Whoever could approve may deny, also after approving and also when their role was
 * given by somebody else: a no must never be harder than a yes. The requester cancels instead.
 */
export function deny(
  open: ApprovalRequest,
  click: Pick<Click, 'person' | 'at' | 'buttonIsOurs'>,
  reason: string,
  roster: ApprovalRoster,
): Denial {
  const { person, at } = click;
  const refused = (refusal: Refusal): Denial => ({ kind: 'refused', refusal });
  if (!click.buttonIsOurs) return refused({ kind: 'foreign-button' });
  const closed = whyClosed(open, person, at);
  if (closed) return refused(closed);
  if (person === undefined) return refused({ kind: 'unlinked' });
  if (person === open.requester && open.policy.requester === 'excluded') return refused({ kind: 'self' });
  if (!eligibleApprovers(open.policy, roster, open.requester).includes(person)) {
    return refused({ kind: 'no-role', roles: roster.rolesOf(person) });
  }
  return { kind: 'denied', by: person, reason: reason.trim(), at };
}

function whyClosed({ standing }: ApprovalRequest, person: PersonId | undefined, at: Date): Refusal | undefined {
  if (person === undefined) return { kind: 'unlinked' };
  if (standing.kind === 'expired') return { kind: 'expired', at: standing.at };
  if (standing.kind !== 'waiting') return { kind: 'decided', standing };
  return at >= standing.expiresAt ? { kind: 'expired', at: standing.expiresAt } : undefined;
}
