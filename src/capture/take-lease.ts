import type { Lease } from '#ports';
import { listTimelines, type Vault } from '#vault';
import type { CaptureWorld } from './capture-world.ts';

/**
 * The lease, under a token larger than any that the buckets have; undefined when somebody else holds it. A control store
 * that was lost, or brought back from an older state, gives tokens that were given before: what is written under a smaller
 * one than the last counts as an earlier holder's, and no restore would reach it. Throws what the control store and
 * `listTimelines` throw.
 */
export async function takeLease(
  { leases, holder, vault }: Pick<CaptureWorld, 'leases' | 'holder' | 'vault'>,
  name: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  let lease = await leases.acquire(name, holder, ttlMs);
  if (!lease) return undefined;
  try {
    const used = await newestToken(vault);
    // each holder has the next one; it is the only thing that makes them grow
    while (lease && lease.token <= used) {
      await leases.release(lease);
      lease = await leases.acquire(name, holder, ttlMs);
    }
    return lease;
  } catch (thrown) {
    if (lease) await leases.release(lease).catch(() => undefined);
    throw thrown;
  }
}

async function newestToken(vault: Vault): Promise<number> {
  const { timelines } = await listTimelines(vault);
  return timelines.flatMap(({ ranges }) => ranges).reduce((most, { token }) => Math.max(most, token), 0);
}
