import type { PersonId, Role, Sha256 } from '#core';
import type { ApprovalRecord } from './approval-record.ts';

/** Where a request stands, as far as approving goes. */
export type RequestStanding =
  | { readonly kind: 'waiting'; readonly expiresAt: Date }
  | {
      readonly kind: 'approved' | 'denied' | 'cancelled' | 'refused';
      readonly at: Date;
      readonly by?: PersonId;
      /** `is at step 4 of 8`, where a run goes on. */
      readonly progress?: string;
    }
  | { readonly kind: 'expired'; readonly at: Date };

/** Why a click did not count. */
export type Refusal =
  /** The button is not the card's: edited, copied, or of another request. */
  | { readonly kind: 'foreign-button' }
  | { readonly kind: 'unlinked' }
  | { readonly kind: 'decided'; readonly standing: Exclude<RequestStanding, { kind: 'waiting' | 'expired' }> }
  | { readonly kind: 'expired'; readonly at: Date }
  /** The card shows a preview that no longer stands. */
  | { readonly kind: 'preview-changed'; readonly shown: Sha256; readonly current: Sha256 }
  | { readonly kind: 'self' }
  | { readonly kind: 'no-role'; readonly roles: readonly Role[] }
  /** Their role is asked for, but somebody else gave it. */
  | { readonly kind: 'role-already-given'; readonly given: ApprovalRecord }
  | { readonly kind: 'duplicate'; readonly given: ApprovalRecord }
  /** They approved already and hold another role that is still missing. */
  | { readonly kind: 'one-person-two-roles'; readonly given: ApprovalRecord }
  | { readonly kind: 'step-up-needed' }
  | { readonly kind: 'step-up-refused'; readonly why: StepUpRefusal };

export type StepUpRefusal = 'wrong-code' | 'code-used' | 'not-enrolled' | 'locked';

/** What a button may do about a refusal; surfaces give them labels and places. */
export type RefusalAction = 'remind' | 'cancel' | 'open' | 'ask-again' | 'confirm-me';
