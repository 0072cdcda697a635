import { archiveHours } from '#vault';
import type { Holdfast } from './open-holdfast.ts';

/** An hour of a busy system takes minutes; whoever dies over it is followed after this. */
const LEASE_MS = 1_800_000;

/** Archives finished hours, one worker at a time. Throws what `archiveHours` throws; the next look goes on. */
export async function archiveUnderLease({ flow, leases, holder, plan }: Holdfast): Promise<void> {
  const { continuous, continuousWindowDays, objectLock } = plan.mongodb;
  if (!continuous.enabled) return;
  const lease = await leases.acquire('archive', holder, LEASE_MS);
  if (!lease) return;
  try {
    const { vault } = flow.world.backup;
    await archiveHours({
      vault,
      lock: { mode: objectLock, until: new Date(vault.clock.now().getTime() + continuousWindowDays * 86_400_000) },
      durableRegions: Math.min(continuous.durableRegions, vault.stores.length),
      signal: AbortSignal.timeout(LEASE_MS),
    });
  } finally {
    await leases.release(lease);
  }
}
