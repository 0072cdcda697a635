import { formatDuration, type Region } from '#core';
import type { FenceView, RegionLease } from '#ports';
import { type FenceParts, neededMs, readLease, stoppedIn, whyNoLease } from './fence-parts.ts';

/** How the fence stands, touching nothing. Throws STORE_UNAVAILABLE (transient). */
export async function lookAtFence(region: Region, parts: FenceParts): Promise<FenceView> {
  const [lease, stopped, answering] = await Promise.all([
    readLease(region, parts),
    stoppedIn(region, parts),
    parts.answering?.(region).catch(() => []) ?? [],
  ]);
  const silentMs = lease && parts.renewals.silentMs(region, lease.renewals, parts.clock.monotonicMs());
  const common = { region, answering, silentMs, ...(lease ? { lease: lease.state } : {}) };
  const seen = answering.map(({ host, to }) => `${host} still answers to ${to}`);
  if (stopped) {
    return { ...common, standing: 'proved', waitMs: 0, reasons: [`${stopped.join(', ')} stopped and held`, ...seen] };
  }
  const without = whyNoLease(region, lease, parts);
  if (without !== undefined || !lease || silentMs === undefined) {
    const reasons = [without ?? '', `its members are not known to be stopped`, ...seen];
    return { ...common, standing: 'not-provable', waitMs: 0, reasons };
  }
  const needed = neededMs(lease, parts);
  const isProved = silentMs >= needed;
  // An open lease may be renewed until it is closed; a closed one only runs out.
  const waitMs = isProved ? 0 : lease.state === 'open' ? needed : needed - silentMs;
  return { ...common, standing: isProved ? 'proved' : 'waits', waitMs, reasons: [sayLease(lease, silentMs), ...seen] };
}

function sayLease({ state }: RegionLease, silentMs: number): string {
  const renewed = `nobody there has been seen to renew its lease for ${formatDuration(silentMs)}`;
  return state === 'closed' ? `its lease is closed, and ${renewed}` : renewed;
}
