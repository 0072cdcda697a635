import type { PersonId, RequestId, Sha256 } from '#core';
import type { ApprovalPolicy } from '#plan';
import type { ApprovalRecord, UnsignedApproval } from './approval-record.ts';
import type { ApprovalRoster } from './approval-roster.ts';
import { chooseSlot } from './choose-slot.ts';
import { eligibleApprovers, holds, isComplete, missingSlots } from './needs.ts';
import type { Refusal, RequestStanding } from './refusal.ts';

/** A request as a click finds it, read in the same breath in which the answer will be written (compare-and-set). */
export interface ApprovalRequest {
  readonly request: RequestId;
  readonly policy: ApprovalPolicy;
  readonly previewHash: Sha256;
  /** Undefined: asked by somebody who is not on the roster, or proposed by Holdfast. */
  readonly requester: PersonId | undefined;
  readonly standing: RequestStanding;
  readonly approvals: readonly ApprovalRecord[];
}

/** One person saying yes. */
export interface Click {
  /** Whom the Slack account (team and user) or the token belongs to; undefined: nobody on the roster. */
  readonly person: PersonId | undefined;
  readonly account?: { readonly team: string; readonly user: string };
  readonly via: 'slack' | 'terminal';
  /** The preview the person saw: from the card's button, or typed. Undefined: the button named none. */
  readonly previewHash: Sha256 | undefined;
  /** False when the button is not one that Holdfast put on this very message. */
  readonly buttonIsOurs: boolean;
  /** What the step-up hook said. */
  readonly stepUp: { readonly kind: 'none' | 'totp' } | { readonly kind: 'needed' } | StepUpRefused;
  /** By the control store's clock. */
  readonly at: Date;
}

type StepUpRefused = { readonly kind: 'refused'; readonly why: Extract<Refusal, { kind: 'step-up-refused' }>['why'] };

export type Decision =
  | { readonly kind: 'accepted'; readonly approval: UnsignedApproval; readonly complete: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Whether a click counts, and as what. Pure: the caller signs and stores an accepted approval with compare-and-set,
 * and on losing the race asks again with what it then finds, so ten clicks at once approve once.
 */
export function decide(open: ApprovalRequest, click: Click, roster: ApprovalRoster): Decision {
  const refusal = whyNot(open, click, roster);
  if (refusal) return { kind: 'refused', refusal };
  const { person } = click;
  const filled = person && chooseSlot(open, person, roster);
  if (!filled) return { kind: 'refused', refusal: { kind: 'unlinked' } };
  const approval: UnsignedApproval = {
    slot: filled.slot,
    role: filled.role,
    person,
    ...(click.account ? { team: click.account.team, slackUser: click.account.user } : {}),
    previewHash: open.previewHash,
    at: click.at,
    via: click.via,
    stepUp: open.policy.stepUp,
  };
  return { kind: 'accepted', approval, complete: isComplete(open.policy, [...open.approvals, approval]) };
}

/** The first reason that applies, from what can't be trusted to what is merely late. */
function whyNot(open: ApprovalRequest, click: Click, roster: ApprovalRoster): Refusal | undefined {
  const { person } = click;
  const { standing, policy } = open;
  if (!click.buttonIsOurs || click.previewHash === undefined) return { kind: 'foreign-button' };
  if (person === undefined || roster.account(person) === undefined) return { kind: 'unlinked' };
  if (standing.kind === 'expired') return { kind: 'expired', at: standing.at };
  if (standing.kind !== 'waiting') return { kind: 'decided', standing };
  if (click.at >= standing.expiresAt) return { kind: 'expired', at: standing.expiresAt };
  if (click.previewHash !== open.previewHash) {
    return { kind: 'preview-changed', shown: click.previewHash, current: open.previewHash };
  }
  return whyNotThisPerson(open, person, roster) ?? whyNotProven(policy, click);
}

function whyNotThisPerson(open: ApprovalRequest, person: PersonId, roster: ApprovalRoster): Refusal | undefined {
  const { policy, approvals, requester } = open;
  const missing = missingSlots(policy, approvals).filter(({ seat }) => holds(roster, person, seat));
  const own = approvals.find((approval) => approval.person === person);
  if (own) return { kind: missing.length > 0 ? 'one-person-two-roles' : 'duplicate', given: own };
  if (policy.requester === 'excluded' && person === requester) return { kind: 'self' };
  if (!eligibleApprovers(policy, roster, requester).includes(person)) {
    return { kind: 'no-role', roles: roster.rolesOf(person) };
  }
  if (missing.length > 0) return undefined;
  const fitting = policy.needs.filter((need) => holds(roster, person, need)).flatMap(({ anyOf }) => anyOf);
  const given = approvals.find(({ role }) => fitting.includes(role));
  return given ? { kind: 'role-already-given', given } : { kind: 'no-role', roles: roster.rolesOf(person) };
}

function whyNotProven(policy: ApprovalPolicy, { stepUp }: Click): Refusal | undefined {
  if (policy.stepUp === 'none') return undefined;
  if (stepUp.kind === 'refused') return { kind: 'step-up-refused', why: stepUp.why };
  return stepUp.kind === policy.stepUp ? undefined : { kind: 'step-up-needed' };
}
