import { switchAddress } from '#adapters/dns-switch';
import type { Config } from '#config';
import { type Plan, servingRegions } from '#plan';
import type { Aws } from '../../main/open-aws.ts';
import { switchPlaces } from '../../main/switch-places.ts';
import { type Check, wrong } from './check.ts';

/** The weighted records, and the switch that turns drivers away when Route 53 itself can't be told to. Changes nothing. */
export const dnsChecks = (config: Config, plan: Plan, { dns, dnsSwitch }: Pick<Aws, 'dns' | 'dnsSwitch'>): Check[] => [
  {
    name: 'Route 53',
    fix: 'Create one weighted record a region, its set identifier being the region.',
    look: async () => {
      const weights = await dns.weights();
      const missing = servingRegions(plan).filter((region) => !weights.some((each) => each.region === region));
      if (missing.length > 0) throw wrong(`${plan.service.dns.name} has no weighted record for ${missing.join(', ')}.`);
      const ttl = await dns.ttlSeconds();
      if (ttl > plan.service.dns.ttlSeconds)
        throw wrong(
          `The records' TTL is ${ttl} s, the plan counts on ${plan.service.dns.ttlSeconds} s.`,
          'Lower the TTL of the records, or raise it in plan.yaml.',
        );
      return weights.map(({ region, weight }) => `${region} ${weight}`).join(', ');
    },
  },
  {
    name: 'DNS switch',
    fix: "The buckets of service.dns.switch must answer, and Holdfast's role may write there: dr dns prepare",
    look: async () => {
      const places = switchPlaces(plan, config);
      const without = servingRegions(plan).filter((region) => !places.some(({ from }) => from === region));
      if (without.length > 0)
        throw wrong(
          `plan.yaml has no switch for ${without.join(', ')}: lost with Route 53's control API, drivers stay there.`,
          'Add it to service.dns.switch in plan.yaml.',
        );
      const diverted = await dnsSwitch.diverted();
      const standings = await dns.switches(
        places.map((place) => ({ region: place.from, address: switchAddress(place) })),
      );
      const lacking = standings.filter(({ state }) => state !== 'ready').map(({ region }) => region);
      if (lacking.length > 0)
        throw wrong(
          `The record of ${lacking.join(' and ')} does not heed its switch: drivers could not be turned away.`,
          'dr dns prepare --make',
        );
      const now =
        diverted.length === 0 ? 'nobody is turned away' : `drivers are turned away from ${diverted.join(', ')}`;
      return `each record heeds its switch; ${now}`;
    },
  },
];
