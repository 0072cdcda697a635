import { PutObjectTaggingCommand, RestoreObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Region } from '#core';
import { CLASS_TAG, type ObjectStore } from '#ports';
import { translateS3Error } from './translate-error.ts';

/** A request on its way, or an object that needs none. */
const NOTHING_TO_DO = new Set(['RestoreAlreadyInProgress', 'InvalidObjectState', 'ObjectAlreadyInActiveTierError']);

/** The part of an ObjectStore that has to do with colder storage. */
export function s3Storage({
  client,
  region,
  bucket,
}: {
  readonly client: S3Client;
  readonly region: Region;
  readonly bucket: string;
}): Pick<ObjectStore, 'thaw' | 'wantClass'> {
  return {
    async thaw(key, versionId, days) {
      // Standard: hours. Bulk takes twice as long to save cents in a disaster, Expedited is not sold for every class.
      const RestoreRequest = { Days: days, GlacierJobParameters: { Tier: 'Standard' } } as const;
      try {
        const which = versionId === undefined ? {} : { VersionId: versionId };
        await client.send(new RestoreObjectCommand({ Bucket: bucket, Key: key, ...which, RestoreRequest }));
      } catch (thrown) {
        if (thrown instanceof Error && NOTHING_TO_DO.has(thrown.name)) return;
        throw translateS3Error(thrown, { region, bucket, action: 's3:RestoreObject', key });
      }
    },
    async wantClass(key, versionId, storageClass) {
      const Tagging = { TagSet: [{ Key: CLASS_TAG, Value: storageClass }] };
      try {
        await client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId, Tagging }));
      } catch (thrown) {
        throw translateS3Error(thrown, { region, bucket, action: 's3:PutObjectVersionTagging', key });
      }
    },
  };
}
