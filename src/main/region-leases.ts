import { regionLeaseHttp } from '#adapters/region-lease-http';
import { DrError, Region } from '#core';
import { servingRegions } from '#plan';
import type { RegionLeases } from '#ports';
import { every } from './every.ts';
import { planLeases } from './open-fence.ts';
import type { Holdfast } from './open-holdfast.ts';
import { sharedLead } from './shared-lead.ts';

const WATCH_MS = 1_000;
const FIRST_LOOK_MS = 2_000;

/**
 * A detector's part in region leases: it renews them for instances that ask, where the environment names a port for it, and opens
 * the first one. Needs the control store alone; for the first opening the protected database once. Returns how to stop. Throws
 * CONFIG_INVALID (user).
 */
export async function startRegionLeases(holdfast: Holdfast): Promise<() => Promise<void>> {
  const leases = planLeases(holdfast);
  const stops = [await listen(holdfast, leases)];
  if (leases) stops.push(openFirst(holdfast, leases));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Watches renewals for as long as this process lives, so that it knows a silence before it is asked for one. */
export const watchFence = ({ fence, flow, logger }: Holdfast): (() => Promise<void>) =>
  every(WATCH_MS, 'the look at region leases', () => fence.watch(), { clock: flow.clock, logger });

async function listen(holdfast: Holdfast, leases: RegionLeases | undefined): Promise<() => Promise<void>> {
  const { config, flow, logger } = holdfast;
  if (config.leasePort === undefined) return async () => undefined;
  if (!leases) {
    throw invalid('HOLDFAST_LEASE_PORT needs failover.region_leases in the plan.', 'See docs/region-leases.md.');
  }
  if (!config.leaseSecrets) {
    throw invalid('HOLDFAST_LEASE_PORT needs HOLDFAST_LEASE_SECRETS.', 'One for each region: openssl rand -hex 32');
  }
  const secrets = new Map(
    Object.entries(config.leaseSecrets).map(([region, each]) => [
      Region.parse(region),
      each.map((secret) => secret.reveal()),
    ]),
  );
  const without = servingRegions(holdfast.plan).find((region) => !secrets.has(region));
  if (without) throw invalid(`HOLDFAST_LEASE_SECRETS has no secret for ${without}.`, 'openssl rand -hex 32');
  const http = regionLeaseHttp({
    port: config.leasePort,
    // what terminates TLS stands before it
    host: '127.0.0.1',
    ...{ secrets, leases, clock: flow.clock, log: logger },
  });
  await http.start();
  return () => http.stop();
}

/**
 * Opens the lease of the region that has the primary database, when no region's was ever opened or closed: from then on only runs
 * that people approved do. One process at a time, until one is there.
 */
function openFirst(holdfast: Holdfast, leases: RegionLeases): () => Promise<void> {
  const { plan, flow, logger } = holdfast;
  const { lead, giveUp } = sharedLead('first-region-lease', holdfast);
  let isThere = false;
  const look = async (): Promise<void> => {
    if (isThere || !(await lead())) return;
    isThere = await openFirstLease(leases, servingRegions(plan), flow.world.move.replicaSet);
    if (isThere) await giveUp();
  };
  const stop = every(FIRST_LOOK_MS, 'the look for a first region lease', look, { clock: flow.clock, logger });
  return async () => {
    await stop();
    await giveUp();
  };
}

/** Answers whether a lease is there now. Opens none while it is not clear which region serves. */
export async function openFirstLease(
  leases: RegionLeases,
  regions: readonly Region[],
  replicaSet: Holdfast['flow']['world']['move']['replicaSet'],
): Promise<boolean> {
  const known = await Promise.all(regions.map((region) => leases.read(region)));
  if (known.some((lease) => lease !== undefined)) return true;
  const { members } = await replicaSet.look();
  const primaries = members.filter(({ state }) => state === 'primary');
  const [only] = primaries;
  if (primaries.length !== 1 || !only?.region || !regions.includes(only.region)) return false;
  await leases.open(only.region, undefined);
  return true;
}

const invalid = (message: string, hint: string): DrError => new DrError('CONFIG_INVALID', 'user', message, { hint });
