import { s3DnsSwitch } from '#adapters/dns-switch';
import { kmsKeyService } from '#adapters/kms';
import { type Route53Dns, route53Dns } from '#adapters/route53';
import { s3ObjectStore } from '#adapters/s3';
import { awsEndpointOf, type Config } from '#config';
import type { Region } from '#core';
import { type Plan, regionsOf } from '#plan';
import type { DnsSwitch, KeyService, ObjectStore } from '#ports';
import type { Closers } from './closers.ts';
import { switchPlaces } from './switch-places.ts';

export interface Aws {
  /** In the plan's order: the first is where a backup begins. */
  readonly stores: readonly ObjectStore[];
  readonly keys: readonly KeyService[];
  readonly dns: Route53Dns;
  /** Past Route 53's control API, in the buckets that the plan names for it. */
  readonly dnsSwitch: DnsSwitch;
}

/**
 * One client a region for S3 and KMS, and one for Route 53. `home` comes first: a worker writes to the bucket beside
 * it, and the others get copies. Nothing is asked of the network yet.
 */
export function openAws(plan: Plan, config: Config, home: Region | undefined, closers: Closers): Aws {
  const regions = regionsOf(plan).filter((region) => plan.mongodb.vaultBuckets[region] !== undefined);
  const ordered = home && regions.includes(home) ? [home, ...regions.filter((region) => region !== home)] : regions;
  const endpointFor = (region: Region) => {
    const endpoint = awsEndpointOf(config, region);
    return endpoint === undefined ? {} : { endpoint };
  };
  const stores = ordered.map((region) =>
    closers.keep(
      s3ObjectStore({
        region,
        bucket: config.vaultBuckets?.[region] ?? plan.mongodb.vaultBuckets[region] ?? '',
        ...endpointFor(region),
      }),
    ),
  );
  const keys = ordered.map((region) =>
    closers.keep(
      kmsKeyService({
        region,
        keyId: plan.mongodb.kmsKeyAlias,
        earlierKeyIds: plan.mongodb.keys.earlierAliases,
        ...endpointFor(region),
      }),
    ),
  );
  const dns = closers.keep(
    route53Dns({
      zone: plan.service.dns.zone,
      record: plan.service.dns.name,
      ...(config.awsEndpointUrl === undefined ? {} : { endpoint: config.awsEndpointUrl }),
    }),
  );
  const dnsSwitch = closers.keep(s3DnsSwitch({ places: switchPlaces(plan, config) }));
  return { stores, keys, dns, dnsSwitch };
}
