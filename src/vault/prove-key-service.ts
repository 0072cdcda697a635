import { DrError, type RandomBytes } from '#core';
import type { KeyService } from '#ports';

/** What a throw-away key is bound to: it opens nothing, and rights may name it. */
const PROOF = { purpose: 'holdfast-proof' };

/**
 * Has a throw-away key wrapped and unwrapped: rights and reachability at once. Throws what the service throws, and
 * KEY_REFUSED (permanent) when it gives back another key.
 */
export async function proveKeyService(service: KeyService, random: RandomBytes): Promise<void> {
  const secret = random(32);
  let unwrapped: Buffer | undefined;
  try {
    const { wrapped } = await service.wrap(secret, PROOF);
    unwrapped = await service.unwrap(wrapped, PROOF);
    if (unwrapped.equals(secret)) return;
  } finally {
    secret.fill(0);
    unwrapped?.fill(0);
  }
  const message = `The vault key in ${service.region} gives back another key than it was given.`;
  throw new DrError('KEY_REFUSED', 'permanent', message);
}
