import { PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { inspectLifecycle, lifecycleRules } from '#adapters/inspect';
import { Region } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS, s3For } from '#sandbox/servers';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const wanted = lifecycleRules(['GLACIER_IR', 'DEEP_ARCHIVE']);

test('rules that are there, are not, and do harm are told apart', async () => {
  process.env['AWS_ACCESS_KEY_ID'] ??= SANDBOX_CREDENTIALS.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] ??= SANDBOX_CREDENTIALS.secretAccessKey;
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('rules'), zone: 'rules.example' });
  const bucket = world.buckets['us-west-2'];
  const look = () => inspectLifecycle({ region: Region.parse('us-west-2'), bucket, endpoint }, wanted);
  const s3 = s3For('us-west-2', endpoint);
  const write = (Rules: readonly object[]) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: Rules as never } }),
    );
  expect(await look()).toEqual({ missing: [], harmful: [] });
  const [first, second] = wanted;
  await write([{ ...first, Status: 'Disabled' }, { ...second }]);
  expect(await look()).toEqual({ missing: ['holdfast-GLACIER_IR'], harmful: [] });
  await write([
    ...wanted,
    { ID: 'clean-up', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } },
    {
      ID: 'cold-keys',
      Status: 'Enabled',
      Filter: { Prefix: 'keys/' },
      Transitions: [{ Days: 90, StorageClass: 'GLACIER' }],
    },
    {
      ID: 'cool-all',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      Transitions: [{ Days: 90, StorageClass: 'GLACIER_IR' }],
    },
  ]);
  expect(await look()).toEqual({ missing: [], harmful: ['clean-up', 'cold-keys'] });
});
