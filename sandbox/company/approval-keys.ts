import { generateKeyPairSync } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The key that signs approvals, and its public half for workers; made once for a folder. */
export function approvalKeys(dir: string): {
  readonly HOLDFAST_APPROVAL_KEY: string;
  readonly HOLDFAST_APPROVAL_PUBLIC_KEY: string;
} {
  const secret = join(dir, 'approval-key.pem');
  const open = join(dir, 'approval-key.pub.pem');
  if (!existsSync(secret) || !existsSync(open)) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }));
  }
  return { HOLDFAST_APPROVAL_KEY: secret, HOLDFAST_APPROVAL_PUBLIC_KEY: open };
}
