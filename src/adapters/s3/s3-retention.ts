import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { asDrError, DrError, type Region } from '#core';
import type { ObjectHead, ObjectStore, StoredVersion, UnfinishedUpload } from '#ports';
import { headOf } from './head-object.ts';
import { translateS3Error } from './translate-error.ts';

interface Bucket {
  readonly client: S3Client;
  readonly region: Region;
  readonly bucket: string;
}

type Retention = Pick<
  ObjectStore,
  'listVersions' | 'deleteVersion' | 'extendLock' | 'setLegalHold' | 'listUploads' | 'abortUpload'
>;

/** The part of an ObjectStore that what is kept and what goes depends on. No call ever asks to bypass a lock. */
export function s3Retention({ client, region, bucket }: Bucket): Retention {
  const attempt = async <T>(action: string, key: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw translateS3Error(error, { region, bucket, action, key });
    }
  };
  const look = (key: string, versionId: string): Promise<ObjectHead> =>
    attempt('s3:GetObjectRetention', key, async () =>
      headOf(await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }))),
    );
  return {
    async *listVersions(prefix) {
      let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
      while (from) {
        const marker: { KeyMarker?: string; VersionIdMarker?: string } = from;
        const page: ListObjectVersionsCommandOutput = await attempt('s3:ListBucketVersions', prefix, () =>
          client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...marker })),
        );
        yield* versionsOf(page);
        from = page.IsTruncated
          ? {
              ...(page.NextKeyMarker ? { KeyMarker: page.NextKeyMarker } : {}),
              ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}),
            }
          : undefined;
      }
    },
    async deleteVersion(key, versionId) {
      try {
        await attempt('s3:DeleteObjectVersion', key, () =>
          client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
        );
        return { kind: 'deleted' };
      } catch (thrown) {
        const error = asDrError(thrown);
        if (error.code === 'NOT_FOUND') return { kind: 'deleted' };
        if (error.code !== 'OBJECT_STORE_REFUSED') throw error;
        // S3 has one word, AccessDenied, for a lock and for a missing right: only the version itself tells them apart
        const { lock, legalHold } = await look(key, versionId);
        if (lock === 'none' && !legalHold) throw error;
        return { kind: 'retained', until: lock === 'none' ? undefined : lock.until, legalHold };
      }
    },
    async extendLock(key, versionId, lock) {
      const { lock: now } = await look(key, versionId);
      if (now !== 'none' && now.until >= lock.until) return now;
      const mode = now !== 'none' && now.mode === 'compliance' ? 'compliance' : lock.mode;
      const Retention = {
        Mode: mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
        RetainUntilDate: lock.until,
      } as const;
      await attempt('s3:PutObjectRetention', key, () =>
        client.send(new PutObjectRetentionCommand({ Bucket: bucket, Key: key, VersionId: versionId, Retention })),
      );
      return { mode, until: lock.until };
    },
    setLegalHold: (key, versionId, hold) =>
      attempt('s3:PutObjectLegalHold', key, async () => {
        const LegalHold = { Status: hold === 'on' ? 'ON' : 'OFF' } as const;
        await client.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key: key, VersionId: versionId, LegalHold }));
      }),
    async *listUploads(prefix) {
      let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
      while (from) {
        const marker: { KeyMarker?: string; UploadIdMarker?: string } = from;
        const page = await attempt('s3:ListBucketMultipartUploads', prefix, () =>
          client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...marker })),
        );
        for (const { Key: key, UploadId: uploadId, Initiated: startedAt } of page.Uploads ?? []) {
          if (key && uploadId && startedAt) yield { key, uploadId, startedAt } satisfies UnfinishedUpload;
        }
        from =
          page.IsTruncated && page.NextKeyMarker
            ? {
                KeyMarker: page.NextKeyMarker,
                ...(page.NextUploadIdMarker ? { UploadIdMarker: page.NextUploadIdMarker } : {}),
              }
            : undefined;
      }
    },
    async abortUpload(key, uploadId) {
      try {
        await attempt('s3:AbortMultipartUpload', key, () =>
          client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId })),
        );
      } catch (thrown) {
        const error = asDrError(thrown);
        if (error.code !== 'NOT_FOUND') throw error;
      }
    },
  };
}

/** A page has versions and delete markers apart; together they are by key, and of a key the newest first. */
function versionsOf(page: ListObjectVersionsCommandOutput): StoredVersion[] {
  const versions = [
    ...(page.Versions ?? []).map((each) => ({
      ...each,
      kind: 'object' as const,
      size: each.Size ?? 0,
      etag: each.ETag ?? '',
    })),
    ...(page.DeleteMarkers ?? []).map((each) => ({ ...each, kind: 'delete-marker' as const, size: 0, etag: '' })),
  ].map(({ Key, VersionId, IsLatest, LastModified, kind, size, etag }): StoredVersion => {
    if (Key === undefined || LastModified === undefined) {
      throw new DrError('OBJECT_STORE_REFUSED', 'permanent', 'The bucket lists a version without a key or a time.');
    }
    return {
      key: Key,
      versionId: VersionId ?? 'null',
      kind,
      size,
      etag,
      current: IsLatest === true,
      writtenAt: LastModified,
    };
  });
  return versions.sort(
    (a, b) =>
      (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) ||
      Number(b.current) - Number(a.current) ||
      b.writtenAt.getTime() - a.writtenAt.getTime(),
  );
}
