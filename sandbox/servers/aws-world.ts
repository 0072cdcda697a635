import { randomUUID } from 'node:crypto';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  NotFoundException,
} from '@aws-sdk/client-kms';
import { CreateHostedZoneCommand, ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
  type LifecycleRule as S3Rule,
} from '@aws-sdk/client-s3';
import { lifecycleRules } from '#adapters/inspect';

export const VAULT_REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'] as const;
export type VaultRegion = (typeof VAULT_REGIONS)[number];

/** The plan's. The stand-in keeps the rules and moves nothing. */
const COLDER = ['GLACIER_IR', 'DEEP_ARCHIVE'] as const;

export type AwsWorld = {
  readonly buckets: Readonly<Record<VaultRegion, string>>;
  /** ARN of each region's key. One key a region: the stand-in's multi-region keys do not decrypt elsewhere. */
  readonly kmsKeys: Readonly<Record<VaultRegion, string>>;
  readonly zoneId: string;
};

/** What the stand-in accepts; it checks no secrets. */
export const SANDBOX_CREDENTIALS = { accessKeyId: 'AKIASANDBOXHOLDFAST', secretAccessKey: 'sandbox' } as const;

export type AwsWorldOptions = {
  /** Where each region's services are reached: one address for all, or a gateway a region. */
  readonly endpoint: string | Readonly<Record<VaultRegion, string>>;
  /** Buckets are `<prefix>-<region>`; take your own in tests, so that they do not see each other's objects. */
  readonly prefix: string;
  readonly zone: string;
};

/** An S3 client as the sandbox uses it: path style, because bucket names do not resolve on loopback. */
export const s3For = (region: string, endpoint: string): S3Client =>
  new S3Client({ region, endpoint, forcePathStyle: true, credentials: SANDBOX_CREDENTIALS });

/**
 * Makes sure of the three vault buckets (versioned, Object Lock, encrypted as every bucket at Amazon is), a KMS key a region (alias `alias/<prefix>`) and the
 * hosted zone. Idempotent.
 */
export async function createAwsWorld(options: AwsWorldOptions): Promise<AwsWorld> {
  const at = (region: VaultRegion) =>
    typeof options.endpoint === 'string' ? options.endpoint : options.endpoint[region];
  const made = await Promise.all(
    VAULT_REGIONS.map(async (region) => {
      const bucket = `${options.prefix}-${region}`;
      await createVaultBucket(bucket, region, at(region));
      return [region, bucket, await keyNamed(`alias/${options.prefix}`, region, at(region))] as const;
    }),
  );
  const pick = (index: 1 | 2) => {
    const of = (region: VaultRegion) => made.find(([name]) => name === region)?.[index] ?? '';
    return { 'us-east-1': of('us-east-1'), 'us-west-2': of('us-west-2'), 'eu-west-1': of('eu-west-1') };
  };
  return { buckets: pick(1), kmsKeys: pick(2), zoneId: await zoneNamed(options.zone, at('us-east-1')) };
}

async function createVaultBucket(bucket: string, region: VaultRegion, endpoint: string): Promise<void> {
  const s3 = s3For(region, endpoint);
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        ObjectLockEnabledForBucket: true,
        ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } }),
      }),
    );
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
  try {
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const encrypted = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }] };
    await s3.send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: encrypted }));
    const Rules = lifecycleRules(COLDER).map((rule) => structuredClone(rule) as S3Rule);
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }));
  } finally {
    s3.destroy();
  }
}

async function keyNamed(AliasName: string, region: VaultRegion, endpoint: string): Promise<string> {
  const kms = new KMSClient({ region, endpoint, credentials: SANDBOX_CREDENTIALS });
  try {
    const arn = await kms.send(new DescribeKeyCommand({ KeyId: AliasName })).then(
      ({ KeyMetadata }) => KeyMetadata?.Arn,
      (error) => {
        if (error instanceof NotFoundException) return undefined;
        throw error;
      },
    );
    if (arn !== undefined) return arn;
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: `Holdfast vault, ${region}` }));
    if (KeyMetadata?.Arn === undefined) throw new Error(`KMS in ${region} made a key without an ARN.`);
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata.Arn }));
    return KeyMetadata.Arn;
  } finally {
    kms.destroy();
  }
}

async function zoneNamed(Name: string, endpoint: string): Promise<string> {
  const route53 = new Route53Client({ region: 'us-east-1', endpoint, credentials: SANDBOX_CREDENTIALS });
  try {
    const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: Name }));
    const there = HostedZones.find((zone) => zone.Name === `${Name}.`);
    // the reference makes a retry of this call harmless; a zone that was found needs none
    const CallerReference = `${Name}-${randomUUID()}`;
    const zone = there ?? (await route53.send(new CreateHostedZoneCommand({ Name, CallerReference }))).HostedZone;
    if (zone?.Id === undefined) throw new Error(`Route 53 made the zone ${Name} without an id.`);
    return zone.Id.replace('/hostedzone/', '');
  } finally {
    route53.destroy();
  }
}
