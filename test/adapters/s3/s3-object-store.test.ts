import { createServer } from 'node:net';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { s3ObjectStore } from '#adapters/s3';
import { Region } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS, s3For } from '#sandbox/servers';
import { objectStorageContract } from '../../contract/object-storage.contract.ts';
import { objectStoreContract } from '../../contract/object-store.contract.ts';
import { objectVersionsContract } from '../../contract/object-versions.contract.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const region = Region.parse('us-west-2');
const credentials = SANDBOX_CREDENTIALS;

objectStoreContract(async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('store'), zone: 'store.example' });
  return s3ObjectStore({ region, endpoint, credentials, bucket: world.buckets['us-west-2'] });
});

objectVersionsContract(async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('versions'), zone: 'versions.example' });
  const bucket = world.buckets['us-west-2'];
  const s3 = s3For('us-west-2', endpoint);
  return {
    store: s3ObjectStore({ region, endpoint, credentials, bucket }),
    hide: async (key) => {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    beginUpload: async (key) => {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
      return UploadId ?? '';
    },
  };
});

objectStorageContract(async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('classes'), zone: 'classes.example' });
  const bucket = world.buckets['us-west-2'];
  const s3 = s3For('us-west-2', endpoint);
  return {
    store: s3ObjectStore({ region, endpoint, credentials, bucket }),
    putInto: async (key, body, storageClass) => {
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, StorageClass: storageClass });
      return (await s3.send(put)).VersionId ?? '';
    },
  };
});

test('the stand-in itself refuses a shorter lock, so that a guard of ours that failed would be seen', async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('shorter'), zone: 'shorter.example' });
  const bucket = world.buckets['us-west-2'];
  const store = s3ObjectStore({ region, endpoint, credentials, bucket });
  const until = new Date(Date.now() + 2 * 86_400_000);
  const locked = { lock: { mode: 'compliance', until }, ifAbsent: false } as const;
  const { versionId: VersionId } = await store.put('k', Buffer.from('x'), locked);
  const shorten = (Mode: 'COMPLIANCE' | 'GOVERNANCE', days: number) =>
    s3For('us-west-2', endpoint).send(
      new PutObjectRetentionCommand({
        Bucket: bucket,
        Key: 'k',
        VersionId,
        Retention: { Mode, RetainUntilDate: new Date(Date.now() + days * 86_400_000) },
      }),
    );
  await expect(shorten('COMPLIANCE', 1)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(shorten('GOVERNANCE', 3)).rejects.toMatchObject({ name: 'AccessDenied' });
  await shorten('COMPLIANCE', 3);
});

test('a bucket that is not there is refused, with the word of the service', async () => {
  const store = s3ObjectStore({ region, endpoint: await sharedAwsEndpoint(), credentials, bucket: ownName('none') });
  const put = store.put('k', Buffer.from('x'), { lock: 'none', ifAbsent: false });
  await expect(put).rejects.toMatchObject({
    code: 'OBJECT_STORE_REFUSED',
    kind: 'permanent',
    data: { code: 'NoSuchBucket', action: 's3:PutObject' },
  });
});

test('a region that refuses connections is unavailable within seconds', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const address = closed.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await new Promise((resolve) => closed.close(resolve));
  const store = s3ObjectStore({ region, endpoint: `http://127.0.0.1:${port}`, credentials, bucket: 'any' });
  const startMs = performance.now();
  await expect(store.get('k')).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE', kind: 'transient' });
  expect(performance.now() - startMs).toBeLessThan(5000);
});
