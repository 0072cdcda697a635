import type { Clock, Region } from '#core';
import { createFence, type WatchingFence } from '#fence';
import { type Plan, servingRegions } from '#plan';
import type { ControlStore, MemberHosts, RegionLeases, ReplicaSet } from '#ports';
import { answeringTo } from './answering-to.ts';
import { heldMembers } from './held-members.ts';

interface Parts {
  readonly plan: Plan;
  readonly regionLeases: (ttlMs: number) => RegionLeases;
  readonly replicaSet: Pick<ReplicaSet, 'look'>;
  /** The machines of the members; undefined where no agent is known. */
  readonly hosts: Pick<MemberHosts, 'look'> | undefined;
  readonly store: ControlStore;
  readonly clock: Clock;
  /** Where this process runs. */
  readonly region: Region | undefined;
}

/** The leases of the plan's regions; undefined where the plan has none. */
export function planLeases({ plan, regionLeases }: Pick<Parts, 'plan' | 'regionLeases'>): RegionLeases | undefined {
  const leases = plan.failover.regionLeases;
  return leases && regionLeases(leases.ttlSeconds * 1_000);
}

/** Whether a region may not write, and that is right: another one may. */
export async function waitsForItsTurn(
  leases: RegionLeases,
  regions: readonly Region[],
  region: Region,
): Promise<boolean> {
  const known = await Promise.all(regions.map((each) => leases.read(each)));
  const open = known.flatMap((lease) => (lease?.state === 'open' ? [lease.region] : []));
  return open.length > 0 && !open.includes(region);
}

/** The fence as the plan has it. Nothing is asked yet. */
export function openFence(parts: Parts): WatchingFence {
  const { plan, clock } = parts;
  return createFence({
    leases: planLeases(parts),
    regions: servingRegions(plan),
    marginMs: (plan.failover.regionLeases?.marginSeconds ?? 0) * 1_000,
    clock,
    membersStopped: (region) => heldMembers(region, parts),
    answering: (region) => answeringTo(region, parts),
  });
}
