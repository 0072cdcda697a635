import { createHmac, timingSafeEqual } from 'node:crypto';

const OLDEST_SECONDS = 300;

export interface SignedRequest {
  readonly method: string;
  /** With its query, as it came. */
  readonly path: string;
  readonly body: string;
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
}

/**
 * Says why a request is not to be followed; undefined when it is. One that was followed is never followed again: a hold
 * that somebody caught must not stop a member tomorrow.
 */
export function createRequestCheck(secret: string, now: () => number): (request: SignedRequest) => string | undefined {
  const seen = new Map<string, number>();
  return ({ method, path, body, timestamp = '', nonce = '', signature = '' }) => {
    const signed = `${timestamp}.${nonce}.${method} ${path}.${body}`;
    const expected = `v1=${createHmac('sha256', secret).update(signed).digest('hex')}`;
    if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {
      return 'The signature is wrong.';
    }
    const seconds = now() / 1000;
    if (!(Math.abs(seconds - Number(timestamp)) <= OLDEST_SECONDS)) return 'The request is too old.';
    if (!/^[A-Za-z0-9-]{16,64}$/.test(nonce)) return 'The nonce is none.';
    for (const [old, at] of seen) if (seconds - at > 2 * OLDEST_SECONDS) seen.delete(old);
    if (seen.has(nonce)) return 'The request was followed before.';
    seen.set(nonce, seconds);
    return undefined;
  };
}
