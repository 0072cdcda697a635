import { givenUp, MOVES } from '#failover';
import type { ReadinessWorld } from '#readiness';
import { newestDone } from '#workflow';
import type { HoldfastWorld } from '../holdfast-world.ts';

/** Readiness looks through the same ports as the moves that it is about. */
export function readinessWorld(world: HoldfastWorld): ReadinessWorld {
  const { plan, planHash, store, clock, roster, move, journal, lostRegion, rebuild } = world;
  const { replicaSet, clusters, dns, dnsSwitch, fence } = move;
  const policy = plan.approvals['failover'];
  return {
    ...{ plan, planHash, store, clock, roster, replicaSet, clusters, dns, dnsSwitch, fence, lostRegion },
    machines: rebuild.hosts,
    proveKeys: (region) => move.proveKeys(region),
    newestVerifiedBackup: () => move.newestVerifiedBackup(),
    policies: policy && policy !== 'none' ? [{ what: 'failover', policy }] : [],
    isGivenUp: async (region) => (await givenUp(move.givenUp, region)) !== undefined,
    lastMove: async () => (await newestDone(journal, MOVES))?.endedAt,
    lastProof: async () => (await newestDone(journal, ['restore']))?.endedAt,
  };
}
