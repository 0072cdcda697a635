import { asDrError, DrError, type Region } from '#core';
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
  const known = await dns.weights().catch(asDrError);
  const { coldServes } = world.settings;
  const points = !(known instanceof DrError) && known.some(({ region, weight }) => region === coldServes && weight > 0);
  // no other region holds a lease, so its health check fails there and users can only be here, whatever the weights are still
  if (coldServes && !points) return shared([coldServes], servingRegions(world));
  const warm = servingRegions(world).filter((region) => !away.includes(region));
  // turned away from all that usually serve, users are where nobody can be turned away from
  const left = warm.length > 0 ? warm : coldRegions(world);
  if (known instanceof DrError) {
    if (away.length === 0 || left.length !== 1) throw known;
    return shared(left, away);
  }
  const weights = known.map(({ region, weight }) => ({ region, weight: away.includes(region) ? 0 : weight }));
  return weights.some(({ weight }) => weight > 0) ? weights : shared(left, away);
}

const coldRegions = ({ settings }: Pick<FailoverWorld, 'settings'>): Region[] =>
  settings.regions.flatMap(({ region, role }) => (role === 'cold-standby' ? [region] : []));

/** Where no record with a weight is healthy, DNS answers with those of weight 0: see Route 53's page about weighted records and health checks. */
const shared = (left: readonly Region[], away: readonly Region[]): RegionWeight[] => [
  ...left.map((region) => ({ region, weight: 100 })),
  ...away.map((region) => ({ region, weight: 0 })),
];
