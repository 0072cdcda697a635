import { createCipheriv, createDecipheriv } from 'node:crypto';
import { z } from 'zod';
import { DrError, type PersonId, PersonId as PersonIdSchema, type RandomBytes, RequestId } from '#core';

/** One person's authenticator in the control store. The secret is sealed: reading the store is not enough to use it. */
export const AuthenticatorRecord = z.object({
  /** The person. */
  id: PersonIdSchema,
  sealedSecret: z.string(),
  /** Counts only after the first right code has shown that the device has it. */
  confirmed: z.boolean(),
  /** The newest 30-second step whose code was taken; that one and older ones are refused. */
  lastStep: z.number().int(),
  /** What that code was for; absent: for enrolling. */
  lastRequest: RequestId.optional(),
  wrongInARow: z.number().int(),
  lockedUntil: z.date().optional(),
  enrolledAt: z.date(),
});
export type AuthenticatorRecord = z.output<typeof AuthenticatorRecord>;

/** AES-256-GCM, bound to the person, so that a secret moved to another person's record does not open. */
export function sealSecret(secret: string, person: PersonId, key: Buffer, random: RandomBytes): string {
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`holdfast-totp-1 ${person}`));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Throws SIGNATURE_INVALID (permanent) when it was changed, moved, or sealed with another key. */
export function openSecret(sealedSecret: string, person: PersonId, key: Buffer): string {
  const bytes = Buffer.from(sealedSecret, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
      .setAAD(Buffer.from(`holdfast-totp-1 ${person}`))
      .setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new DrError('SIGNATURE_INVALID', 'permanent', `The authenticator of ${person} cannot be opened.`, {
      hint: 'HOLDFAST_STEP_UP_KEY is another one, or the record was changed. Enrol again.',
      cause,
    });
  }
}
