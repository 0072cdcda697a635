import { createHmac, timingSafeEqual } from 'node:crypto';

/** More than PagerDuty ever sends: one a secret, while they are changed. */
const MOST_SIGNATURES = 10;

/**
 * Whether one of the signatures in `X-PagerDuty-Signature` (`v1=` and hex, commas between) was made over these bytes with
 * one of the secrets. Every pair is compared, in constant time, so that the time it takes says nothing.
 */
export function isSigned(body: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  const given = (header ?? '')
    .split(',', MOST_SIGNATURES)
    .map((each) => each.trim())
    .filter((each) => /^v1=[0-9a-f]{64}$/.test(each))
    .map((each) => Buffer.from(each.slice(3), 'hex'));
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(body).digest());
  let matches = 0;
  for (const one of expected) for (const other of given) matches += Number(timingSafeEqual(one, other));
  return matches > 0;
}
