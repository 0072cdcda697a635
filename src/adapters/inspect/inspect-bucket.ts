import { GetBucketVersioningCommand, GetObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { sdkErrorFacts } from '#adapters/aws';
import { DrError, type Region } from '#core';

export interface BucketInspection {
  readonly versioned: boolean;
  readonly objectLock: boolean;
}

/** A bucket, and where it answers. */
export interface BucketAddress {
  readonly region: Region;
  readonly bucket: string;
  readonly endpoint?: string;
}

/** Whether a bucket keeps versions and can lock them. Throws OBJECT_STORE_UNAVAILABLE or OBJECT_STORE_REFUSED. */
export const inspectBucket = (where: BucketAddress): Promise<BucketInspection> =>
  withBucket(where, async (client) => {
    const versioning = await client.send(new GetBucketVersioningCommand({ Bucket: where.bucket }));
    const lock = await client
      .send(new GetObjectLockConfigurationCommand({ Bucket: where.bucket }))
      .catch((error: unknown) => {
        if (sdkErrorFacts(error).name === 'ObjectLockConfigurationNotFoundError') return undefined;
        throw error;
      });
    return {
      versioned: versioning.Status === 'Enabled',
      objectLock: lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
    };
  });

/** Asks a bucket something by a client of its own, with an end to every wait. Throws as `inspectBucket`. */
export async function withBucket<T>(where: BucketAddress, ask: (client: S3Client) => Promise<T>): Promise<T> {
  const { region, bucket, endpoint } = where;
  const client = new S3Client({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 3_000, throwOnRequestTimeout: true },
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
  });
  try {
    return await ask(client);
  } catch (cause) {
    throw translated(cause, bucket, region);
  } finally {
    client.destroy();
  }
}

function translated(cause: unknown, bucket: string, region: Region): DrError {
  const { name, status } = sdkErrorFacts(cause);
  if (status !== undefined && status < 500) {
    return new DrError('OBJECT_STORE_REFUSED', 'permanent', `S3 refused to describe ${bucket} in ${region}: ${name}.`, {
      cause,
    });
  }
  return new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', `S3 in ${region} does not answer.`, { cause });
}
