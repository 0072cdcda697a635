import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { PersonId, type RequestId, Sha256 } from '#core';
import type { ApprovalKeys } from './keys.ts';
import { isSignatureOf, signatureOf } from './signature.ts';

/** That a request starts by itself unless somebody holds it: said once, and the time counts from then. Signed. */
export const Announcement = z.object({
  previewHash: Sha256,
  /** By the control store's clock. */
  at: z.date(),
  startsAt: z.date(),
  signature: z.string(),
});
export type Announcement = z.output<typeof Announcement>;

/** That it started so: what was announced, who was told of it and when, and that nobody had held it by then. Signed. */
export const UnheldStart = z.object({
  previewHash: Sha256,
  announcedAt: z.date(),
  startsAt: z.date(),
  told: z.array(z.object({ person: PersonId, at: z.date() })),
  at: z.date(),
  signature: z.string(),
});
export type UnheldStart = z.output<typeof UnheldStart>;

const ANNOUNCED = 'holdfast-start-announced-1';
const UNHELD = 'holdfast-start-unheld-1';

/** Throws CONFIG_INVALID (permanent) where the process has no private key. */
export const signAnnouncement = (
  request: RequestId,
  said: Omit<Announcement, 'signature'>,
  keys: ApprovalKeys,
): Announcement => ({ ...said, signature: signatureOf({ format: ANNOUNCED, request, ...said }, keys) });

/** Never throws. */
export function isAnnounced(request: RequestId, { signature, ...said }: Announcement, publicKey: KeyObject): boolean {
  return isSignatureOf({ format: ANNOUNCED, request, ...said }, signature, publicKey);
}

/** Throws CONFIG_INVALID (permanent) where the process has no private key. */
export const signUnheld = (
  request: RequestId,
  start: Omit<UnheldStart, 'signature'>,
  keys: ApprovalKeys,
): UnheldStart => ({ ...start, signature: signatureOf({ format: UNHELD, request, ...start }, keys) });

/** Never throws. */
export function isUnheld(request: RequestId, { signature, ...start }: UnheldStart, publicKey: KeyObject): boolean {
  return isSignatureOf({ format: UNHELD, request, ...start }, signature, publicKey);
}
