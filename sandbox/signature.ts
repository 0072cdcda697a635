import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a signature is `v1=` and the HMAC-SHA256 of the text with this secret, in hex; compared in constant time. */
export function isSignedWith(secret: string, text: string, signature: string): boolean {
  const expected = `v1=${createHmac('sha256', secret).update(text).digest('hex')}`;
  return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
