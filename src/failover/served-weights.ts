import type { Region } from '#core';
import type { RegionWeight } from '#ports';
import { servingRegions } from './services.ts';
import type { FailoverWorld } from './world.ts';

/**
 * How DNS really shares users out: the weights, without regions that health checks turn users away from after an unplanned
 * failover. Its control API, which has the weights, may be lost with a region; where one region is left users can only be there.
 * Throws what the control API said where that tells nothing.
 */
export async function servedWeights(
  world: Pick<FailoverWorld, 'dns' | 'dnsSwitch' | 'settings'>,
): Promise<readonly RegionWeight[]> {
  const { dns, dnsSwitch } = world;
  const away = (await dnsSwitch?.diverted().catch((): Region[] => [])) ?? [];
  try {
    const weights = await dns.weights();
    return weights.map(({ region, weight }) => ({ region, weight: away.includes(region) ? 0 : weight }));
  } catch (thrown) {
    const [only, ...others] = servingRegions(world).filter((region) => !away.includes(region));
    if (away.length === 0 || only === undefined || others.length > 0) throw thrown;
    return [{ region: only, weight: 100 }, ...away.map((region) => ({ region, weight: 0 }))];
  }
}
