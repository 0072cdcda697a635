import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { type BucketAddress, withBucket } from './inspect-bucket.ts';

/**
 * Whether the bucket encrypts what is written into it, whoever writes. What the vault holds is encrypted before it leaves us;
 * this is the second lock. Throws as `inspectBucket`.
 */
export const inspectEncryption = (where: BucketAddress): Promise<boolean> =>
  withBucket(where, async (client) => {
    const answer = await client
      .send(new GetBucketEncryptionCommand({ Bucket: where.bucket }))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ServerSideEncryptionConfigurationNotFoundError') return undefined;
        throw error;
      });
    return (answer?.ServerSideEncryptionConfiguration?.Rules ?? []).length > 0;
  });
