import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import { asDrError } from '#core';
import type { ObjectLock } from '#ports';
import { createNamedKey, openWithDataKey } from '../data-key.ts';
import { KEPT_KEYS } from '../object-keys.ts';
import type { Vault } from '../vault.ts';

/** A signature, and the vault's key that makes and checks it. */
export interface VaultSignature {
  readonly key: string;
  readonly signature: string;
}

/** A PKCS 8 wrapping of 32 bytes as an Ed25519 private key (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signing keys come out of data keys in their own way: what seals objects signs nothing. */
const PURPOSE = 'holdfast-signing-1';

/**
 * Signs with a key of the vault's own, which opens only through a region's key service: whoever can write into the control
 * store alone can't sign. `known` is the key of an earlier signature, which is used again while it opens; otherwise one is
 * made for `purpose`. Throws what making a key throws.
 */
export async function signWithVault(
  vault: Vault,
  bytes: Buffer,
  by: { readonly purpose: string; readonly known?: string | undefined; readonly lock: ObjectLock },
): Promise<VaultSignature> {
  if (by.known !== undefined) {
    const again = await withSigningKey(vault, by.known, (key) => sign(null, bytes, key)).catch(() => undefined);
    if (again) return { key: by.known, signature: again.toString('base64') };
  }
  const name = `${KEPT_KEYS}${by.purpose}-${vault.random(6).toString('hex')}`;
  const made = await createNamedKey(vault, name, by.lock);
  try {
    return { key: name, signature: sign(null, bytes, signingKey(made.bytes)).toString('base64') };
  } finally {
    made.forget();
  }
}

/**
 * Whether these very bytes were signed with that key of the vault. `unproved` while no region that may open the key answers.
 * Never throws.
 */
export async function verifyWithVault(
  vault: Vault,
  bytes: Buffer,
  { key, signature }: VaultSignature,
): Promise<'genuine' | 'forged' | 'unproved'> {
  const given = Buffer.from(signature, 'base64');
  // base64 has many spellings for the same bytes; only ours counts
  if (!key.startsWith(KEPT_KEYS) || given.toString('base64') !== signature) return 'forged';
  try {
    const isGenuine = await withSigningKey(vault, key, (opened) => verify(null, bytes, createPublicKey(opened), given));
    return isGenuine ? 'genuine' : 'forged';
  } catch (thrown) {
    return asDrError(thrown).kind === 'transient' ? 'unproved' : 'forged';
  }
}

const withSigningKey = <T>(vault: Vault, name: string, use: (key: KeyObject) => T): Promise<T> =>
  openWithDataKey(vault, name, (key) => {
    try {
      return use(signingKey(key.bytes));
    } finally {
      key.forget();
    }
  });

function signingKey(dataKey: Uint8Array): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', dataKey, '', PURPOSE, 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
}
