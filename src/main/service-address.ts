import type { Config } from '#config';
import { asDrError, type Region } from '#core';
import type { Plan } from '#plan';

/** Where a region's service says whether it works. */
export const healthUrl = (config: Pick<Config, 'healthUrls'>, plan: Plan, region: Region): string =>
  config.healthUrls?.[region] ?? plan.service.health.url.replaceAll('{region}', region);

/**
 * Where a region's service is reached, past the DNS weights: as DNS has it, because that is where users will arrive. Where the
 * control API of DNS is lost with its region, where its health is asked for: the same service under its region's own name.
 */
export function serviceAddress(
  dns: { readonly serviceUrl: (region: Region) => Promise<string> },
  healthOf: (region: Region) => string,
): (region: Region) => Promise<string> {
  return async (region) => {
    try {
      return await dns.serviceUrl(region);
    } catch (thrown) {
      if (asDrError(thrown).kind !== 'transient') throw thrown;
      return new URL(healthOf(region)).origin;
    }
  };
}
