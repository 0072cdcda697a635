/** Consent: who may give it, whether it counts, how it is proved later. Pure, apart from the authenticator's records. */
export { ApprovalRecord, type UnsignedApproval } from './approval-record.ts';
export type { ApprovalRoster } from './approval-roster.ts';
export { AuthenticatorRecord } from './authenticator-record.ts';
export { type ApprovalRequest, type Click, type Decision, decide } from './decide.ts';
export { type ExplainedRefusal, explainRefusal, type RefusalContext, type Told } from './explain-refusal.ts';
export { type ApprovalKeys, generateApprovalKeys, readApprovalKeys } from './keys.ts';
export { type ApprovalNeed, eligibleApprovers, isComplete, missingSlots, needsOf, sayRoles } from './needs.ts';
export type { Refusal, RefusalAction, RequestStanding, StepUpRefusal } from './refusal.ts';
export { checkSatisfiable, type Satisfiability, satisfiability } from './satisfiable.ts';
export { signApproval, verifyApproval } from './signature.ts';
export {
  Announcement,
  isAnnounced,
  signAnnouncement,
  signUnheld,
  UnheldStart,
} from './start-record.ts';
export { noStepUp, type StepUp, type StepUpOffer } from './step-up.ts';
export { type Denial, deny, type TakenBack, unapprove } from './take-back.ts';
export { createTotpStepUp, type TotpOptions, type TotpStepUp } from './totp.ts';
export { type ApprovalsToVerify, type InvalidReason, verifyApprovals } from './verify-approvals.ts';
export { heardBy, notTold, type StartRefusal, type StartToVerify, verifyStart } from './verify-start.ts';
