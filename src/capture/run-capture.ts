import { asDrError } from '#core';
import type { CaptureWorld } from './capture-world.ts';
import { takeLease } from './take-lease.ts';
import { captureUnderLease } from './under-lease.ts';

/** Whoever dies is followed within ten seconds: the lease's time, and the next look for it. */
const LEASE = { name: 'capture', ttlMs: 7_000, lookMs: 1_500 };

/**
 * Captures the oplog for as long as `signal` allows: one process at a time, by lease; the others wait for it. Whatever
 * fails is tried again and nothing is skipped: entries wait in the oplog while buckets are out of reach. Two that
 * capture at once for a moment, because one was frozen, harm nothing: both write the truth, and the later lease counts.
 * Never rejects.
 */
export async function runCapture(world: CaptureWorld, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const lease = await takeLease(world, LEASE.name, LEASE.ttlMs);
      if (lease) await captureUnderLease(world, lease, LEASE.ttlMs, signal);
    } catch (thrown) {
      if (!signal.aborted) world.onEvent({ kind: 'paused', why: asDrError(thrown).message });
    }
    await world.clock.sleep(LEASE.lookMs, signal).catch(() => undefined);
  }
}
