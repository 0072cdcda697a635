import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { type Region, sha256 } from '#core';
import type { ObjectLock, ObjectStore } from '#ports';
import { headOf } from './head-object.ts';
import { s3Retention } from './s3-retention.ts';
import { s3Storage } from './s3-storage.ts';
import { translateS3Error } from './translate-error.ts';

export interface S3Options {
  readonly region: Region;
  readonly bucket: string;
  /** Left out: the SDK's own chain, as everywhere in AWS. */
  readonly endpoint?: string;
  readonly credentials?: S3ClientConfig['credentials'];
}

/**
 * A region's bucket through the S3 API. It must be versioned with Object Lock on. One client a region: the SDK's
 * endpoint variables hold one value for the whole process.
 */
export function s3ObjectStore(options: S3Options): ObjectStore & { close(): void } {
  const { region, bucket } = options;
  const client = new S3Client({
    region,
    maxAttempts: 3,
    // A dead region must show in about a second, a slow one within a minute; without `throwOnRequestTimeout` the SDK
    // only logs a warning and waits on.
    requestHandler: { connectionTimeout: 500, requestTimeout: 60_000, throwOnRequestTimeout: true },
    ...(options.endpoint ? { endpoint: options.endpoint, forcePathStyle: true } : {}),
    ...(options.credentials ? { credentials: options.credentials } : {}),
  });
  signWithKnownHash(client);
  const attempt = async <T>(action: string, key: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw translateS3Error(error, { region, bucket, action, key });
    }
  };
  return {
    region,
    close: () => client.destroy(),
    put: (key, body, { lock, ifAbsent, sha256: known }) =>
      attempt('s3:PutObject', key, async () => {
        const hash = known ?? sha256(body);
        const answer = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            // Also named: S3 refuses a lock on an upload that does not say how it is checked.
            ChecksumAlgorithm: 'SHA256',
            ChecksumSHA256: Buffer.from(hash, 'hex').toString('base64'),
            ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
            ...lockHeaders(lock),
          }),
        );
        return { versionId: answer.VersionId ?? 'null' };
      }),
    get: (key, versionId) =>
      attempt('s3:GetObject', key, async () => {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version(versionId) }));
        return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      }),
    async head(key, versionId) {
      try {
        return headOf(await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...version(versionId) })));
      } catch (error) {
        const translated = translateS3Error(error, { region, bucket, action: 's3:GetObject', key });
        if (translated.code === 'NOT_FOUND') return undefined;
        throw translated;
      }
    },
    folders: (prefix) =>
      attempt('s3:ListBucket', prefix, async () => {
        const names: string[] = [];
        const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, Delimiter: '/' });
        for await (const page of pages) {
          for (const { Prefix: name } of page.CommonPrefixes ?? []) if (name) names.push(name.slice(prefix.length, -1));
        }
        return names;
      }),
    async *list(prefix) {
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
      try {
        for await (const page of pages) {
          for (const { Key: key, Size: size, ETag: etag } of page.Contents ?? []) {
            if (key) yield { key, size: size ?? 0, etag: etag ?? '' };
          }
        }
      } catch (error) {
        throw translateS3Error(error, { region, bucket, action: 's3:ListBucket', key: prefix });
      }
    },
    ...s3Retention({ client, region, bucket }),
    ...s3Storage({ client, region, bucket }),
  };
}

/** What the SDK gives at its step "build", as far as it is looked at here. */
interface Upload {
  readonly input: { readonly ChecksumSHA256?: string };
  readonly request: { readonly headers: Record<string, string> };
}

/** Over plain HTTP the signer would hash the body once more; the upload says its hash already. */
function signWithKnownHash(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { input, request } = args as Upload;
      if (input.ChecksumSHA256 !== undefined) {
        request.headers['x-amz-content-sha256'] = Buffer.from(input.ChecksumSHA256, 'base64').toString('hex');
      }
      return next(args);
    },
    { step: 'build', name: 'signWithKnownHash' },
  );
}

const version = (versionId: string | undefined): { VersionId?: string } => (versionId ? { VersionId: versionId } : {});

function lockHeaders(lock: ObjectLock | 'none'): object {
  if (lock === 'none') return {};
  const mode = lock.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE';
  return { ObjectLockMode: mode, ObjectLockRetainUntilDate: lock.until };
}
