import { openControlStore } from '#adapters/control-store';
import type { Config } from '#config';
import { type Clock, counted, type Region, systemClock } from '#core';
import { type Plan, servingRegions } from '#plan';
import type { RegionLease, RegionLeases } from '#ports';
import type { Closers } from '../../main/closers.ts';
import { planLeases } from '../../main/open-fence.ts';
import { type Check, wrong } from './check.ts';

/** Below doctor's own deadline. Who keeps a lease renews it every third of its time. */
const WATCH_MS = 4_500;
const LOOK_MS = 300;

/** Whether somebody renews the lease of each region that may write: who does not will refuse its users' writes. */
export function leaseChecks({ controlMongodbUri: uri }: Config, plan: Plan, closers: Closers): Check[] {
  if (!plan.failover.regionLeases || !uri) return [];
  return [
    {
      name: 'region leases',
      fix: 'docs/region-leases.md says what the instances of the service need.',
      look: () => {
        const { regionLeases } = closers.keep(openControlStore({ uri: uri.reveal(), deadlineMs: WATCH_MS }));
        const leases = planLeases({ plan, regionLeases });
        if (!leases) throw wrong('The plan has no region leases.');
        return lookAtLeases(leases, servingRegions(plan), systemClock);
      },
    },
  ];
}

/** Says who renews where; throws what is wrong. */
export async function lookAtLeases(leases: RegionLeases, regions: readonly Region[], clock: Clock): Promise<string> {
  const first = (await Promise.all(regions.map((region) => leases.read(region)))).filter((each) => each !== undefined);
  const open = first.filter(({ state }) => state === 'open');
  if (open.length === 0) {
    throw wrong(
      'No region has an open lease: no instance may write.',
      first.length === 0 ? 'Start a detector: it opens the first one.' : 'Move to a region: /dr failover',
    );
  }
  const endsAt = clock.monotonicMs() + WATCH_MS;
  let silent: RegionLease[] = open;
  while (silent.length > 0 && clock.monotonicMs() < endsAt) {
    await clock.sleep(LOOK_MS);
    const now = await Promise.all(silent.map(({ region }) => leases.read(region)));
    silent = silent.filter(({ renewals }, index) => now[index]?.renewals === renewals);
  }
  const [still] = silent;
  if (still) throw wrong(`Nobody in ${still.region} renews its lease, so no instance there may write.`);
  const now = await Promise.all(first.map(({ region }) => leases.read(region)));
  return now
    .filter((each) => each !== undefined)
    .map(({ region, state, instances }) =>
      state === 'open' ? `${region} open, renewed by ${counted(instances.length, 'instance')}` : `${region} closed`,
    )
    .join('; ');
}
