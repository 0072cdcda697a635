import { CreateBucketCommand, DeleteBucketEncryptionCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { bucketGuardLook } from '#adapters/probes';
import { Region } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS, s3For } from '#sandbox/servers';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const EAST = Region.parse('us-east-1');

describe('a look at how a bucket is guarded', () => {
  it('is well with all of it, and names what was turned off as something somebody may have done', async () => {
    const endpoint = await sharedAwsEndpoint();
    vi.stubEnv('AWS_ACCESS_KEY_ID', SANDBOX_CREDENTIALS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SANDBOX_CREDENTIALS.secretAccessKey);
    const { buckets } = await createAwsWorld({
      endpoint,
      prefix: ownName('guard'),
      zone: `${ownName('zone')}.example`,
    });
    const bucket = buckets[EAST as keyof typeof buckets];
    const see = (name: string) =>
      bucketGuardLook({ region: EAST, bucket: name, endpoint })(new AbortController().signal);
    expect(await see(bucket)).toMatchObject({ state: 'well' });
    const s3 = s3For(EAST, endpoint);
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket: bucket }));
    expect(await see(bucket)).toMatchObject({
      state: 'failed',
      what: 'vault has encryption turned off',
      hostile: true,
    });
    const bare = ownName('bare');
    await s3.send(new CreateBucketCommand({ Bucket: bare }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: bare, VersioningConfiguration: { Status: 'Suspended' } }));
    expect(await see(bare)).toMatchObject({ what: 'vault has Object Lock and versions and encryption turned off' });
    s3.destroy();
  });
});
