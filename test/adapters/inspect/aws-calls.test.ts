import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AWS_ROLES, awsRights } from '#adapters/inspect';

/** The right that each call of the SDK needs. Whoever adds a call adds it here, and to the role that makes it. */
const RIGHT_OF: Readonly<Record<string, string>> = {
  PutObjectCommand: 's3:PutObject',
  GetObjectCommand: 's3:GetObject',
  HeadObjectCommand: 's3:GetObject',
  paginateListObjectsV2: 's3:ListBucket',
  GetBucketVersioningCommand: 's3:GetBucketVersioning',
  GetObjectLockConfigurationCommand: 's3:GetBucketObjectLockConfiguration',
  GetBucketEncryptionCommand: 's3:GetEncryptionConfiguration',
  ListObjectVersionsCommand: 's3:ListBucketVersions',
  paginateListObjectVersions: 's3:ListBucketVersions',
  DeleteObjectCommand: 's3:DeleteObjectVersion',
  PutObjectRetentionCommand: 's3:PutObjectRetention',
  GetObjectRetentionCommand: 's3:GetObjectRetention',
  PutObjectLegalHoldCommand: 's3:PutObjectLegalHold',
  GetObjectLegalHoldCommand: 's3:GetObjectLegalHold',
  ListMultipartUploadsCommand: 's3:ListBucketMultipartUploads',
  AbortMultipartUploadCommand: 's3:AbortMultipartUpload',
  GetBucketLifecycleConfigurationCommand: 's3:GetLifecycleConfiguration',
  RestoreObjectCommand: 's3:RestoreObject',
  PutObjectTaggingCommand: 's3:PutObjectVersionTagging',
  EncryptCommand: 'kms:Encrypt',
  DecryptCommand: 'kms:Decrypt',
  ChangeResourceRecordSetsCommand: 'route53:ChangeResourceRecordSets',
  ListResourceRecordSetsCommand: 'route53:ListResourceRecordSets',
  ListHostedZonesByNameCommand: 'route53:ListHostedZonesByName',
  GetChangeCommand: 'route53:GetChange',
  paginateListHealthChecks: 'route53:ListHealthChecks',
};

/** `dr dns prepare --make` alone: done once, under the rights of whoever types it. No role may change health checks. */
const BY_HAND = ['CreateHealthCheckCommand', 'UpdateHealthCheckCommand'];

function callsIn(text: string): string[] {
  return /from '@aws-sdk/.test(text)
    ? [...text.matchAll(/new (\w+Command)\(|\b(paginate\w+)\(/g)].flatMap(
        ([, command, pages]) => command ?? pages ?? [],
      )
    : [];
}

const unknown = (calls: readonly string[]): string[] => {
  const all = new Set(AWS_ROLES.flatMap((role) => awsRights[role].flatMap(({ calls: rights }) => rights)));
  return calls.filter((call) => !all.has(RIGHT_OF[call] ?? 'no right is known for it'));
};

test("every call to AWS in the code is some role's right, and one that is nobody's is found", () => {
  const folder = join(import.meta.dirname, '../../../src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const calls = files.flatMap((file) => callsIn(readFileSync(join(folder, file), 'utf8')));
  expect(calls.length).toBeGreaterThan(9);
  expect(unknown(calls).filter((call) => !BY_HAND.includes(call))).toEqual([]);
  const planted = "import { S3Client } from '@aws-sdk/client-s3';\nclient.send(new DeleteBucketCommand({}));";
  expect(unknown(callsIn(planted))).toEqual(['DeleteBucketCommand']);
});
