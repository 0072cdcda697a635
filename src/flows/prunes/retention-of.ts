import { policyOf, type RetentionWorld, retentionWorld } from '#retention';
import type { HoldfastWorld } from '../holdfast-world.ts';
import { runsInUse } from './runs-in-use.ts';

/** What these commands need of Holdfast's world. */
export type PruneWorld = Pick<HoldfastWorld, 'plan' | 'backup' | 'journal' | 'store'>;

/** The part of the world that keeping and deleting sees. */
export function retentionOf({ plan, backup, journal, store }: PruneWorld): RetentionWorld {
  const policy = policyOf(plan);
  const keepDays = Math.max(policy.graceDays, plan.mongodb.restore.keepReplacedDays);
  return retentionWorld({
    vault: backup.vault,
    policy,
    inUse: async () => runsInUse(journal, await store.now(), keepDays),
  });
}
