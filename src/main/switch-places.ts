import type { SwitchPlace } from '#adapters/dns-switch';
import { awsEndpointOf, type Config } from '#config';
import { type Plan, regionsOf } from '#plan';

/** Where each region's switch lies, in the plan's order; none for a region that the plan gives none. */
export const switchPlaces = (plan: Plan, config: Config): SwitchPlace[] =>
  regionsOf(plan).flatMap((from) => {
    const place = plan.service.dns.switch?.[from];
    if (!place) return [];
    const endpoint = awsEndpointOf(config, place.region);
    return [{ from, ...place, ...(endpoint === undefined ? {} : { endpoint }) }];
  });
