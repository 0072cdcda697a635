import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { DrError, Region } from '#core';
import type { Dns } from '#ports';
import { translated } from './route53-errors.ts';
import { heedSwitch, readHealthChecks, type SwitchStanding, standingOf, type WantedSwitch } from './switch-checks.ts';

export interface Route53Options {
  /** Name of the hosted zone: `eld.example`. */
  readonly zone: string;
  /** The weighted record that drivers resolve; each region's record carries the region as its set identifier. */
  readonly record: string;
  /** Another address than AWS's own. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Route53Dns extends Dns {
  /** Where a region's own record leads, past the weights: `http://10.0.0.4:8080`. An SRV record names the port. */
  serviceUrl(region: Region): Promise<string>;
  /** Whether the records heed the switches that turn drivers away; those without a record are left out. */
  switches(wanted: readonly WantedSwitch[]): Promise<readonly SwitchStanding[]>;
  /** Has a record heed its switch, see `heedSwitch`. Idempotent. */
  heed(wanted: WantedSwitch, fresh: () => string): Promise<void>;
  close(): void;
}

/** The weighted records of one name in Route 53. Reads the zone every time: somebody may have changed it by hand. */
export function route53Dns(options: Route53Options): Route53Dns {
  const client = new Route53Client({
    region: 'us-east-1',
    maxAttempts: 2,
    // Without throwOnRequestTimeout a request that hangs only writes a warning and hangs on.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  let zoneId: Promise<string> | undefined;
  const zone = (): Promise<string> => {
    zoneId ??= findZone(client, options.zone).catch((thrown: unknown) => {
      zoneId = undefined;
      throw thrown;
    });
    return zoneId;
  };
  const records = async (): Promise<readonly ResourceRecordSet[]> => readRecords(client, await zone(), options.record);
  return {
    weights: async () => (await records()).map(weightOf).sort((a, b) => (a.region < b.region ? -1 : 1)),
    setWeights: async (weights) => {
      const present = await records();
      const changed = weights.map(({ region, weight }) => {
        const record = present.find(({ SetIdentifier }) => SetIdentifier === region);
        // A record made up here would lack the address and health check that only its owner knows.
        if (!record) throw noRecord(options.record, region);
        return { Action: 'UPSERT' as const, ResourceRecordSet: { ...record, Weight: weight } };
      });
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: await zone(),
        ChangeBatch: { Changes: changed, Comment: 'Holdfast' },
      });
      const answer = await client.send(command).catch((thrown: unknown) => {
        throw translated(thrown, 'change the weights', 'ChangeResourceRecordSets');
      });
      return { change: answer.ChangeInfo?.Id ?? '' };
    },
    isInSync: async (change) => {
      const answer = await client.send(new GetChangeCommand({ Id: change })).catch((thrown: unknown) => {
        throw translated(thrown, 'say whether the change has arrived', 'GetChange');
      });
      return answer.ChangeInfo?.Status === 'INSYNC';
    },
    ttlSeconds: async () => Math.max(0, ...(await records()).map(({ TTL }) => TTL ?? 60)),
    serviceUrl: async (region) => {
      const record = (await records()).find(({ SetIdentifier }) => SetIdentifier === region);
      const value = record?.ResourceRecords?.[0]?.Value;
      if (!value) throw noRecord(options.record, region);
      if (record.Type !== 'SRV') return `http://${withoutDot(value)}`;
      const [, , port, target = ''] = value.split(' ');
      return `http://${await addressOf(client, await zone(), withoutDot(target))}:${port}`;
    },
    switches: async (wanted) => {
      const [present, checks] = await Promise.all([records(), readHealthChecks(client)]);
      return wanted.flatMap((each) => {
        const record = present.find(({ SetIdentifier }) => SetIdentifier === each.region);
        return record ? [standingOf(each, record, checks)] : [];
      });
    },
    heed: async (wanted, fresh) => {
      const record = (await records()).find(({ SetIdentifier }) => SetIdentifier === wanted.region);
      if (!record) throw noRecord(options.record, wanted.region);
      await heedSwitch(client, await zone(), wanted, record, fresh);
    },
    close: () => client.destroy(),
  };
}

async function findZone(client: Route53Client, name: string): Promise<string> {
  const command = new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 1 });
  const answer = await client.send(command).catch((thrown: unknown) => {
    throw translated(thrown, 'find the zone', 'ListHostedZonesByName');
  });
  const found = answer.HostedZones?.find((zone) => withoutDot(zone.Name) === name);
  if (found?.Id) return found.Id;
  throw new DrError('DNS_REFUSED', 'permanent', `Route 53 has no zone ${name}.`, {
    hint: 'Check the zone in plan.yaml, and that the AWS account is the right one.',
  });
}

async function readRecords(client: Route53Client, zoneId: string, name: string): Promise<ResourceRecordSet[]> {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 });
  const answer = await client.send(command).catch((thrown: unknown) => {
    throw translated(thrown, 'read the weights', 'ListResourceRecordSets');
  });
  const sets = (answer.ResourceRecordSets ?? []).filter(
    (set) => withoutDot(set.Name) === name && set.SetIdentifier !== undefined && set.Weight !== undefined,
  );
  if (sets.length > 0) return sets;
  throw new DrError('DNS_REFUSED', 'permanent', `Route 53 has no weighted records for ${name}.`, {
    hint: 'Create one record a region, its set identifier being the region. Holdfast changes weights, never addresses.',
  });
}

/** The address a name of the same zone stands for; a name of another zone is left to the resolver. */
async function addressOf(client: Route53Client, zoneId: string, name: string): Promise<string> {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 10 });
  const answer = await client.send(command).catch((thrown: unknown) => {
    throw translated(thrown, 'read an address', 'ListResourceRecordSets');
  });
  const found = answer.ResourceRecordSets?.find((set) => set.Type === 'A' && withoutDot(set.Name) === name);
  return found?.ResourceRecords?.[0]?.Value ?? name;
}

const withoutDot = (name: string | undefined): string => (name ?? '').replace(/\.$/, '');

function weightOf(set: ResourceRecordSet) {
  const region = Region.safeParse(set.SetIdentifier);
  if (region.success) return { region: region.data, weight: set.Weight ?? 0 };
  throw new DrError('DNS_REFUSED', 'permanent', `The set identifier "${set.SetIdentifier}" is not a region.`);
}

const noRecord = (name: string, region: string): DrError =>
  new DrError('DNS_REFUSED', 'permanent', `Route 53 has no weighted record of ${name} for ${region}.`, {
    hint: 'Create it by hand first, with weight 0.',
  });
