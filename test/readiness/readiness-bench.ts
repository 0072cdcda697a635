import { memoryDnsSwitch } from '#adapters/memory';
import { Sha256, systemClock } from '#core';
import { createRoster } from '#oncall';
import type { ReadinessWorld } from '#readiness';
import { memoryWorld } from '../failover/memory-world.ts';
import { EAST, WEST } from '../failover/settings.ts';
import { eldPlan } from '../support/eld-plan.ts';

export const HOUR = 3_600_000;

/** us-east-1 serves and all that us-west-2 needs to take over is there, but for what a test changes. */
export async function readinessBench(change: Partial<ReadinessWorld> = {}) {
  const memory = memoryWorld();
  await memory.regionLeases.open(EAST, undefined);
  await memory.regionLeases.renew(EAST, 'eld-api-1');
  const { replicaSet, clusters, dns, fence } = memory.world;
  const { store } = memory;
  const policy = eldPlan.approvals['failover'];
  if (!policy || policy === 'none') throw new Error('The plan says who approves a failover.');
  const ago = (ms: number) => async () => new Date((await store.now()).getTime() - ms);
  const world: ReadinessWorld = {
    ...{ plan: eldPlan, planHash: Sha256.parse('a'.repeat(64)), store, clock: systemClock },
    roster: createRoster(eldPlan),
    ...{ replicaSet, clusters, dns, fence, dnsSwitch: memoryDnsSwitch([EAST, WEST]) },
    machines: undefined,
    proveKeys: async () => undefined,
    newestVerifiedBackup: async () => ({ at: await ago(HOUR)() }),
    lostRegion: () => ({}),
    policies: [{ what: 'failover', policy }],
    isGivenUp: async () => false,
    lastMove: ago(24 * HOUR),
    lastProof: ago(2 * HOUR),
    ...change,
  };
  return { ...memory, world };
}
