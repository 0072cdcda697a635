import {
  type ApprovalRecord,
  type ApprovalRequest,
  type Click,
  decide,
  generateApprovalKeys,
  readApprovalKeys,
  signApproval,
} from '#approvals';
import { PersonId, RequestId, Sha256 } from '#core';
import { createRoster } from '#oncall';
import { ApprovalPolicy, parsePlan } from '#plan';
import { eldText } from '../plan/eld-plan.ts';

export const { plan } = parsePlan(eldText, 'plan.yaml');
export const roster = createRoster(plan);
export const policy = ApprovalPolicy.parse(plan.approvals['failover']);
export const keys = readApprovalKeys(generateApprovalKeys());
export const preview = Sha256.parse('9f3c21ab'.padEnd(64, '0'));
export const otherPreview = Sha256.parse('77d0e41c'.padEnd(64, '0'));
export const person = (id: string): PersonId => PersonId.parse(id);

/** Minutes and seconds after 08:00. */
export const time = (clock: string): Date => new Date(`2026-11-23T08:${clock}Z`);

/** R-42 of the texts: asked by Mike Johnson at 08:12:05, open until 08:27. */
export const waiting: ApprovalRequest = {
  request: RequestId.parse('R-42'),
  policy,
  previewHash: preview,
  requester: person('mike-johnson'),
  standing: { kind: 'waiting', expiresAt: time('27:00') },
  approvals: [],
};

export function clickOf(id: string | undefined, at = time('13:41'), more: Partial<Click> = {}): Click {
  const who = id === undefined ? undefined : person(id);
  const account = who && roster.account(who);
  return {
    person: who,
    ...(account ? { account } : {}),
    via: 'slack',
    previewHash: preview,
    buttonIsOurs: true,
    stepUp: { kind: 'none' },
    at,
    ...more,
  };
}

/** The request after somebody approved; a click that does not count is a mistake of the test. */
export function approvedBy(open: ApprovalRequest, id: string, at = time('13:41')): ApprovalRequest {
  const decision = decide(open, clickOf(id, at), roster);
  if (decision.kind !== 'accepted') throw new Error(`${id} was refused: ${decision.refusal.kind}`);
  const approval: ApprovalRecord = signApproval(open.request, decision.approval, keys);
  return { ...open, approvals: [...open.approvals, approval] };
}
