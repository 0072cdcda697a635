import { type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson, DrError, type RequestId } from '#core';
import type { ApprovalRecord, UnsignedApproval } from './approval-record.ts';
import type { ApprovalKeys } from './keys.ts';

/** In what is signed, so that a signature can never be taken for one of another kind. */
const FORMAT = 'holdfast-approval-1';

/** Signs an approval for one request. Throws CONFIG_INVALID (permanent) where the process has no private key. */
export function signApproval(request: RequestId, approval: UnsignedApproval, keys: ApprovalKeys): ApprovalRecord {
  if (!keys.privateKey) {
    throw new DrError('CONFIG_INVALID', 'permanent', 'This process has no key to sign approvals with.', {
      hint: 'Only the bot and the terminal take approvals; they need HOLDFAST_APPROVAL_KEY.',
    });
  }
  const signature = sign(null, signedBytes(request, approval), keys.privateKey).toString('base64');
  return { ...approval, signature };
}

/** Whether this very approval was signed for this very request. Never throws. */
export function verifyApproval(request: RequestId, approval: ApprovalRecord, publicKey: KeyObject): boolean {
  const { signature, ...signed } = approval;
  const bytes = Buffer.from(signature, 'base64');
  // Base64 has many spellings for the same bytes; only ours counts, so that no byte of a record can be changed.
  if (bytes.toString('base64') !== signature || bytes.length !== 64) return false;
  try {
    return verify(null, signedBytes(request, signed), publicKey, bytes);
  } catch {
    return false;
  }
}

function signedBytes(request: RequestId, approval: UnsignedApproval): Buffer {
  return Buffer.from(canonicalJson({ format: FORMAT, request, ...approval }), 'utf8');
}
