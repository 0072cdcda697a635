import { type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson, DrError, type RequestId } from '#core';
import type { ApprovalRecord, UnsignedApproval } from './approval-record.ts';
import type { ApprovalKeys } from './keys.ts';

/** In what is signed, so that a signature can never be taken for one of another kind. */
const FORMAT = 'holdfast-approval-1';

/** Signs an approval for one request. Throws CONFIG_INVALID (permanent) where the process has no private key. */
export const signApproval = (request: RequestId, approval: UnsignedApproval, keys: ApprovalKeys): ApprovalRecord => ({
  ...approval,
  signature: signatureOf({ format: FORMAT, request, ...approval }, keys),
});

/** Whether this very approval was signed for this very request. Never throws. */
export function verifyApproval(request: RequestId, approval: ApprovalRecord, publicKey: KeyObject): boolean {
  const { signature, ...signed } = approval;
  return isSignatureOf({ format: FORMAT, request, ...signed }, signature, publicKey);
}

/** Of a kind of thing, by its format, and of everything in it. */
export type Signed = Readonly<Record<string, unknown>> & { readonly format: string; readonly request: RequestId };

/** ed25519, in base64. Throws CONFIG_INVALID (permanent) where the process has no private key. */
export function signatureOf(signed: Signed, { privateKey }: ApprovalKeys): string {
  if (!privateKey) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'This process has no key to sign approvals with.', {
      hint: 'Only the bot and the terminal take approvals; they need HOLDFAST_APPROVAL_KEY.',
    });
  }
  return sign(null, signedBytes(signed), privateKey).toString('base64');
}

/** Never throws. */
export function isSignatureOf(signed: Signed, signature: string, publicKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64');
  // Base64 has many spellings for the same bytes; only ours counts, so that no byte of a record can be changed.
  if (bytes.toString('base64') !== signature || bytes.length !== 64) return false;
  try {
    return verify(null, signedBytes(signed), publicKey, bytes);
  } catch {
    return false;
  }
}

const signedBytes = (signed: Signed): Buffer => Buffer.from(canonicalJson(signed), 'utf8');
