import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { DrError } from '#core';

/** Who can only check has the public key alone; who takes approvals (bot and terminal) has both. */
export interface ApprovalKeys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject | undefined;
}

/**
 * Keys from PEM texts. With a private key the public one may be left out; if both are given they must belong
 * together. Throws CONFIG_INVALID (user) for anything but ed25519.
 */
export function readApprovalKeys(pem: { readonly privatePem?: string; readonly publicPem?: string }): ApprovalKeys {
  const privateKey = pem.privatePem === undefined ? undefined : read(() => createPrivateKey(pem.privatePem ?? ''));
  const given = pem.publicPem === undefined ? undefined : read(() => createPublicKey(pem.publicPem ?? ''));
  const derived = privateKey && createPublicKey(privateKey);
  const publicKey = given ?? derived;
  if (!publicKey) throw invalid('No key for approvals is set.');
  if (given && derived && !given.equals(derived)) throw invalid('The two keys for approvals do not belong together.');
  return { publicKey, privateKey };
}

/** A new pair in PEM, for first set-up. */
export function generateApprovalKeys(): { readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function read(make: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = make();
  } catch (cause) {
    throw invalid('A key for approvals cannot be read as PEM.', cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw invalid('A key for approvals is not an ed25519 key.');
  return key;
}

const invalid = (message: string, cause?: unknown): DrError =>
  new DrError('CONFIG_INVALID', 'user', message, {
    hint: 'HOLDFAST_APPROVAL_KEY and HOLDFAST_APPROVAL_PUBLIC_KEY are paths of PEM files.',
    cause,
  });
