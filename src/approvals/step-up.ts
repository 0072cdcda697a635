import type { PersonId, RequestId } from '#core';
import type { ApprovalPolicy } from '#plan';
import type { Click } from './decide.ts';

/** What a person offers besides the click. */
export interface StepUpOffer {
  readonly policy: Pick<ApprovalPolicy, 'stepUp'>;
  /** Undefined: nobody on the roster; `decide` refuses them for that. */
  readonly person: PersonId | undefined;
  readonly request: RequestId;
  /** Six digits; undefined: none offered yet. */
  readonly code: string | undefined;
  /** By the control store's clock; asked of it when left out. */
  readonly at?: Date;
}

/**
 * The hook for a second proof. A Slack account can be taken over; what is asked here must not be learnable from it.
 * Asked before `decide`, which takes the answer. Idempotent for one request: a click that is handled twice, or loses a
 * race and is tried again, passes again with the same code; for any other request the code is used up.
 */
export interface StepUp {
  prove(offer: StepUpOffer): Promise<Click['stepUp']>;
}

/** Asks nobody. For plans whose policies all say `none`; a policy that wants more is never passed by it. */
export const noStepUp: StepUp = {
  prove: async ({ policy }) => (policy.stepUp === 'none' ? { kind: 'none' } : { kind: 'needed' }),
};
