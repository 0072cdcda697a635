import type { KeyObject } from 'node:crypto';
import { DrError, type PersonId, type RequestId, type Sha256 } from '#core';
import { type ApprovalPolicy, seatsOf } from '#plan';
import type { ApprovalRecord } from './approval-record.ts';
import type { ApprovalRoster } from './approval-roster.ts';
import { eligibleApprovers, isComplete } from './needs.ts';
import { verifyApproval } from './signature.ts';

/** What a worker knows when it checks; nothing of it comes from the job that woke it. */
export interface ApprovalsToVerify {
  readonly request: RequestId;
  readonly previewHash: Sha256;
  readonly approvals: readonly ApprovalRecord[];
  readonly policy: ApprovalPolicy;
  readonly roster: ApprovalRoster;
  readonly requester: PersonId | undefined;
  readonly publicKey: KeyObject;
  /** By the control store's clock. */
  readonly now: Date;
  /** When the request closed for approvals; without it only the spread between approvals is bounded. */
  readonly expiresAt?: Date | undefined;
  /** The plan under which it was previewed, and the one in force now. */
  readonly plan?: { readonly approvedUnder: Sha256; readonly now: Sha256 } | undefined;
}

export type InvalidReason =
  | 'plan-changed'
  | 'signature'
  | 'other-preview'
  | 'slot-unknown'
  | 'slot-twice'
  | 'person-twice'
  | 'requester'
  | 'not-eligible'
  | 'role-not-held'
  | 'other-account'
  | 'step-up-missing'
  | 'after-expiry'
  | 'from-the-future'
  | 'incomplete';

const SENTENCES: Readonly<Record<InvalidReason, string>> = {
  'plan-changed': 'the plan changed since it was previewed',
  signature: 'an approval is not signed by Holdfast',
  'other-preview': 'an approval is for another preview',
  'slot-unknown': 'an approval fills a place the policy does not have',
  'slot-twice': 'two approvals fill the same place',
  'person-twice': 'one person approved twice',
  requester: 'the person who asked approved it',
  'not-eligible': 'somebody approved who may not',
  'role-not-held': 'an approval was given as a role its person does not hold, or that is not asked for there',
  'other-account': 'an approval came from another Slack account than its person has',
  'step-up-missing': 'an approval lacks the second proof',
  'after-expiry': 'an approval was given after the request had expired',
  'from-the-future': 'an approval carries a time that has not come yet',
  incomplete: 'approvals are missing',
};

/**
 * The whole check again, right before anything is done, with the roster and policy of now: whoever lost a role in
 * between no longer counts. Throws APPROVAL_INVALID (permanent); `data.reason` is an InvalidReason. Pure.
 */
export function verifyApprovals(given: ApprovalsToVerify): void {
  const reason = whyInvalid(given);
  if (reason === undefined) return;
  throw new DrError(
    'APPROVAL_INVALID',
    'permanent',
    `${given.request} must not run: ${SENTENCES[reason]}. Nothing was changed.`,
    {
      hint:
        reason === 'plan-changed' || reason === 'not-eligible' || reason === 'incomplete'
          ? 'Ask again: the new request is approved under what holds now.'
          : 'The Security Lead should look at who wrote it into the control store.',
      data: { reason },
    },
  );
}

function whyInvalid(given: ApprovalsToVerify): InvalidReason | undefined {
  const { approvals, policy, plan } = given;
  if (plan && plan.approvedUnder !== plan.now) return 'plan-changed';
  for (const [index, approval] of approvals.entries()) {
    const reason = whyOneInvalid(given, approval, approvals.slice(0, index));
    if (reason) return reason;
  }
  if (!isComplete(policy, approvals)) return 'incomplete';
  const times = approvals.map(({ at }) => at.getTime());
  const spreadMs = times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
  return spreadMs > policy.expiresAfterMinutes * 60_000 ? 'after-expiry' : undefined;
}

function whyOneInvalid(
  { request, previewHash, policy, roster, requester, publicKey, now, expiresAt }: ApprovalsToVerify,
  approval: ApprovalRecord,
  before: readonly ApprovalRecord[],
): InvalidReason | undefined {
  const { person, role, slot } = approval;
  if (!verifyApproval(request, approval, publicKey)) return 'signature';
  if (approval.previewHash !== previewHash) return 'other-preview';
  const wanted = seatsOf(policy.needs)[slot];
  if (!wanted) return 'slot-unknown';
  if (before.some((other) => other.slot === slot)) return 'slot-twice';
  if (before.some((other) => other.person === person)) return 'person-twice';
  if (policy.requester === 'excluded' && person === requester) return 'requester';
  if (!eligibleApprovers(policy, roster, requester).includes(person)) return 'not-eligible';
  if (!wanted.anyOf.includes(role) || !roster.rolesOf(person).includes(role)) return 'role-not-held';
  if (!isOwnAccount(approval, roster)) return 'other-account';
  if (policy.stepUp !== 'none' && approval.stepUp !== policy.stepUp) return 'step-up-missing';
  if (approval.at > now) return 'from-the-future';
  return expiresAt && approval.at >= expiresAt ? 'after-expiry' : undefined;
}

function isOwnAccount({ person, via, team, slackUser }: ApprovalRecord, roster: ApprovalRoster): boolean {
  if (via === 'terminal') return true;
  const account = roster.account(person);
  return account !== undefined && account.team === team && account.user === slackUser;
}
