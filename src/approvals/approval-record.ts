import { z } from 'zod';
import { PersonId, Role, Sha256 } from '#core';

/** One consent as it is kept. Everything in it is signed, so a record changed by hand is no consent. */
export const ApprovalRecord = z.object({
  /** Which of the policy's places it fills, counted from 0. */
  slot: z.number().int().nonnegative(),
  /** The role that the person gave it as. */
  role: Role,
  person: PersonId,
  /** The Slack account that clicked; absent in the terminal. */
  team: z.string().optional(),
  slackUser: z.string().optional(),
  previewHash: Sha256,
  /** By the control store's clock. */
  at: z.date(),
  via: z.enum(['slack', 'terminal']),
  /** The proof besides the click. */
  stepUp: z.enum(['none', 'totp']),
  /** ed25519 over the rest and the request's number, in base64. */
  signature: z.string(),
});
export type ApprovalRecord = z.output<typeof ApprovalRecord>;

export type UnsignedApproval = Omit<ApprovalRecord, 'signature'>;
