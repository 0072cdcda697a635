import { DrError, type Region, say } from '#core';
import type { Replicas } from '#ports';
import type { Waiter } from './point-dns.ts';
import type { FailoverWorld } from './world.ts';

/** Asks for this many services and waits until all answer. Idempotent. */
export async function scaleUp(
  { world, clock, signal, report }: Waiter,
  region: Region,
  wanted: number,
): Promise<Replicas> {
  const { clusters, settings } = world;
  signal.throwIfAborted();
  await clusters.scale(region, wanted);
  const startedMs = clock.monotonicMs();
  for (;;) {
    const now = await clusters.replicas(region);
    if (now.ready >= wanted) return now;
    if (clock.monotonicMs() - startedMs >= settings.servicesReadyWithinMs) {
      throw new DrError(
        'TIMED_OUT',
        'permanent',
        `${now.ready} of ${wanted} ${settings.service.name} answer in ${region}.`,
        { hint: `Look why the others do not start: kubectl --context ${region} get events` },
      );
    }
    report({ text: say`${now.ready} of ${wanted} answer in ${region}.`, share: Math.min(1, now.ready / wanted) });
    await clock.sleep(500, signal);
  }
}

/** Regions that run services: a cold standby has none. */
export const servingRegions = ({ settings }: Pick<FailoverWorld, 'settings'>): Region[] =>
  settings.regions.filter(({ role }) => role !== 'cold-standby').map(({ region }) => region);

/**
 * Writes the application's configuration into every region that can be reached; the one that serves must be.
 * Returns where it was written and which regions could not be reached.
 */
export async function configureRegions(
  { world, signal }: Waiter,
  serving: Region,
  values: Readonly<Record<string, string>>,
): Promise<{ written: Region[]; unreachable: Region[] }> {
  const written: Region[] = [];
  const unreachable: Region[] = [];
  for (const region of servingRegions(world)) {
    signal.throwIfAborted();
    try {
      await world.clusters.configure(region, values);
      written.push(region);
    } catch (thrown) {
      const passing = thrown instanceof DrError && thrown.kind === 'transient';
      if (!passing || region === serving) throw thrown;
      unreachable.push(region);
    }
  }
  return { written, unreachable };
}

/** Where the configuration is not as wanted; a region that can't be asked counts as such. */
export async function configurationDiffers(
  world: FailoverWorld,
  values: Readonly<Record<string, string>>,
): Promise<Region[]> {
  const regions = servingRegions(world);
  const answers = await Promise.all(
    regions.map(async (region) => {
      const now = await world.clusters.configuration(region).catch(() => undefined);
      return now !== undefined && Object.entries(values).every(([key, value]) => now[key] === value);
    }),
  );
  return regions.filter((_, index) => !answers[index]);
}
