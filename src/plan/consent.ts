import { z } from 'zod';
import { Role } from '#core';
import { Minutes, Name, Positive } from './units.ts';

/** Who may ask for something. */
export const AskRulePlan = z.union([z.enum(['everyone', 'responders']), z.array(Role).min(1)]);
export type AskRulePlan = z.output<typeof AskRulePlan>;

/** So many people, each holding one of these roles. */
export const Need = z.strictObject({ anyOf: z.array(Role).min(1), people: Positive.max(20) });
export type Need = z.output<typeof Need>;

/** Whose consent a run needs. All needs must be filled, each place by another person. */
export const ApprovalPolicy = z.strictObject({
  needs: z.array(Need).min(1),
  /** Whether the person who asks may also approve. */
  requester: z.enum(['excluded', 'counts']),
  expiresAfterMinutes: Minutes.positive(),
  /** A proof besides the click. */
  stepUp: z.enum(['none', 'totp']),
});
export type ApprovalPolicy = z.output<typeof ApprovalPolicy>;

export const MayAsk = z.record(Name, AskRulePlan);
export const Approvals = z.record(Name, z.union([z.literal('none'), ApprovalPolicy]));
