import { DrError, type Region, type RequestId } from '#core';
import type { FenceProof, RegionLease, RegionLeases } from '#ports';
import { type FenceParts, neededMs, readLease, stoppedIn, whyNoLease } from './fence-parts.ts';

/**
 * Makes sure that no instance of a region can believe that it may write, and says how that is known. The order matters:
 * only once the lease is closed can the number of renewals not grow any more, and only from then on is waiting worth anything,
 * unless the number is known to have stood still for long enough and the close is bound to it. Members that their machines hold
 * end the wait: without a database there is nothing to write to, whatever an instance believes.
 */
export async function proveFence(
  region: Region,
  run: RequestId,
  signal: AbortSignal,
  parts: FenceParts,
): Promise<FenceProof> {
  const { leases, renewals, clock } = parts;
  const lease = await readLease(region, parts);
  const without = whyNoLease(region, lease, parts);
  signal.throwIfAborted();
  if (!leases || !lease || without !== undefined) {
    const hosts = await stoppedIn(region, parts);
    signal.throwIfAborted();
    if (!hosts) throw notProved(region, without ?? '');
    await leases?.close(region, run);
    return { by: 'members-stopped', hosts };
  }
  const silentMs = (): number => renewals.silentMs(region, lease.renewals, clock.monotonicMs());
  signal.throwIfAborted();
  if (silentMs() >= neededMs(lease, parts)) {
    const closed = await leases.close(region, run, lease.renewals);
    if (closed) return { by: 'lease-ended', fence: closed.fence, silentMs: silentMs() };
  }
  return closeAndWait(region, run, signal, { ...parts, leases });
}

async function closeAndWait(
  region: Region,
  run: RequestId,
  signal: AbortSignal,
  parts: FenceParts & { readonly leases: RegionLeases },
): Promise<FenceProof> {
  const { leases, renewals, clock } = parts;
  const closed = await leases.close(region, run);
  if (!closed) throw new DrError('UNEXPECTED', 'bug', `The lease of ${region} was not closed.`);
  renewals.saw(closed, clock.monotonicMs());
  const sinceMs = clock.monotonicMs() - renewals.silentMs(region, closed.renewals, clock.monotonicMs());
  const leftMs = (): number => sinceMs + neededMs(closed, parts) - clock.monotonicMs();
  const enough = new AbortController();
  const ranOut = async (): Promise<undefined> => {
    const ends = AbortSignal.any([signal, enough.signal]);
    // a timer may fire early: the monotonic clock decides
    for (let ms = leftMs(); ms > 0 && !enough.signal.aborted; ms = leftMs()) {
      await clock.sleep(Math.ceil(ms), ends).catch(() => signal.throwIfAborted());
    }
  };
  // Machines of a region that is lost may take long not to answer: they are asked while the lease runs out.
  const waited = ranOut();
  const hosts = await Promise.race([waited, stoppedIn(region, parts).then((stopped) => stopped ?? waited)]);
  enough.abort();
  signal.throwIfAborted();
  if (hosts) return { by: 'members-stopped', hosts };
  const now = await leases.read(region);
  if (now && isSame(now, closed)) {
    return { by: 'lease-ended', fence: closed.fence, silentMs: clock.monotonicMs() - sinceMs };
  }
  throw new DrError('FENCE_NOT_PROVED', 'permanent', `The lease of ${region} was opened again by ${now?.run}.`, {
    hint: `See what ${now?.run} does: /dr show ${now?.run}. Then ask again.`,
    data: { region },
  });
}

const isSame = (now: RegionLease, closed: RegionLease): boolean =>
  now.state === 'closed' && now.fence === closed.fence && now.renewals === closed.renewals;

const notProved = (region: Region, why: string): DrError =>
  new DrError('FENCE_NOT_PROVED', 'permanent', `${region} may still take writes: ${why}. Nothing was changed.`, {
    hint: 'Stop its database members and have their machines hold them, then ask again. See docs/region-leases.md.',
    data: { region },
  });
