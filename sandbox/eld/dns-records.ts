import { randomUUID } from 'node:crypto';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { switchAddress } from '#adapters/dns-switch';
import { route53Dns } from '#adapters/route53';
import { Region } from '#core';
import { SANDBOX_CREDENTIALS } from '#sandbox/servers';

export type RegionRecord = {
  readonly region: string;
  readonly port: number;
  readonly weight: number;
  /** The object that turns drivers away from it, and the door to the bucket it lies in; none when left out. */
  readonly switch?: { readonly region: string; readonly bucket: string; readonly endpoint: string };
};

export type EldRecordsOptions = {
  readonly endpoint: string;
  readonly zoneId: string;
  /** `api.eld.example` */
  readonly name: string;
  readonly ttlSeconds: number;
  readonly regions: readonly RegionRecord[];
};

/** One try: drivers go on with what they know. Whoever has to get through asks for more. */
export const openRoute53 = (endpoint: string, maxAttempts = 1): Route53Client =>
  new Route53Client({
    region: 'us-east-1',
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
    maxAttempts,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1500, throwOnRequestTimeout: true },
  });

/**
 * Creates what drivers resolve: one weighted record set a region under one name, the region being its set identifier,
 * each with a health check. They are SRV records (`priority weight port target`), because on one machine all
 * regions share an address and differ by port, which SRV carries and A does not; Route 53 gives SRV records weights
 * and health checks as any other. Their own priority and weight stay `0 0`: what counts is the record set's weight.
 * Records that exist keep their weights, because somebody may have moved traffic; only a port that changed is set.
 */
export async function createEldRecords(options: EldRecordsOptions): Promise<void> {
  const client = openRoute53(options.endpoint, 6);
  try {
    const existing = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: options.zoneId, StartRecordName: options.name }),
    );
    const weighted = (existing.ResourceRecordSets ?? []).filter(
      (set) => set.Name === `${options.name}.` && set.Weight !== undefined,
    );
    const stands = ({ region, port }: RegionRecord) =>
      weighted.some(
        (set) => set.SetIdentifier === region && set.ResourceRecords?.[0]?.Value === recordValue(options, region, port),
      );
    if (options.regions.every(stands)) return await heedSwitches(options);
    const weightOf = ({ region, weight }: RegionRecord) =>
      weighted.find((set) => set.SetIdentifier === region)?.Weight ?? weight;
    const sets = await Promise.all(
      options.regions.map(async ({ region, port, weight }) => ({
        Name: `${options.name}.`,
        Type: 'SRV' as const,
        SetIdentifier: region,
        Weight: weightOf({ region, port, weight }),
        TTL: options.ttlSeconds,
        HealthCheckId: await createHealthCheck(client, options, region, port),
        ResourceRecords: [{ Value: recordValue(options, region, port) }],
      })),
    );
    const targets = options.regions.map(({ region }) => ({
      Name: `${region}.${options.name}.`,
      Type: 'A' as const,
      TTL: options.ttlSeconds,
      ResourceRecords: [{ Value: '127.0.0.1' }],
    }));
    await client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: options.zoneId,
        ChangeBatch: {
          Comment: 'ELD service',
          Changes: [...targets, ...sets].map((set) => ({ Action: 'UPSERT', ResourceRecordSet: set })),
        },
      }),
    );
    await heedSwitches(options);
  } finally {
    client.destroy();
  }
}

/** As an administrator does it by `dr dns prepare --make`; a door that has another port than last time is followed. */
async function heedSwitches({ endpoint, name, regions }: EldRecordsOptions): Promise<void> {
  const zone = name.split('.').slice(1).join('.');
  const dns = route53Dns({ zone, record: name, endpoint, credentials: SANDBOX_CREDENTIALS });
  try {
    for (const { region, switch: lies } of regions) {
      if (lies === undefined) continue;
      const place = { from: Region.parse(region), ...lies, region: Region.parse(lies.region) };
      await dns.heed({ region: place.from, address: switchAddress(place) }, () => `sandbox-${randomUUID()}`);
    }
  } finally {
    dns.close();
  }
}

const recordValue = ({ name }: EldRecordsOptions, region: string, port: number): string =>
  `0 0 ${port} ${region}.${name}.`;

async function createHealthCheck(
  client: Route53Client,
  { zoneId, name }: EldRecordsOptions,
  region: string,
  port: number,
): Promise<string> {
  const { HealthCheck } = await client.send(
    new CreateHealthCheckCommand({
      CallerReference: `${zoneId}-${region}-${port}`,
      HealthCheckConfig: {
        Type: 'HTTP',
        IPAddress: '127.0.0.1',
        Port: port,
        ResourcePath: '/health',
        FullyQualifiedDomainName: `${region}.${name}`,
        RequestInterval: 10,
        FailureThreshold: 3,
      },
    }),
  );
  if (HealthCheck?.Id === undefined) throw new Error(`Route 53 made no health check for ${region}.`);
  return HealthCheck.Id;
}
