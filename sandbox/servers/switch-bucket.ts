import { BucketAlreadyOwnedByYou, CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { SWITCH_PREFIX } from '#adapters/dns-switch';
import { s3For } from './aws-world.ts';

/** Makes sure of a bucket for the objects that turn drivers away, which everybody may read. Idempotent. */
export async function createSwitchBucket(bucket: string, region: string, endpoint: string): Promise<void> {
  const s3 = s3For(region, endpoint);
  try {
    await s3
      .send(
        new CreateBucketCommand({
          Bucket: bucket,
          ...(region === 'us-east-1'
            ? {}
            : { CreateBucketConfiguration: { LocationConstraint: region as 'us-west-2' } }),
        }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
      });
    const resource = `arn:aws:s3:::${bucket}/${SWITCH_PREFIX}*`;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: resource }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  } finally {
    s3.destroy();
  }
}
