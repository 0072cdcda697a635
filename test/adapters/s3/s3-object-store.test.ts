import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { s3ObjectStore } from '#adapters/s3';
import { Region } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { objectStoreContract } from '../../contract/object-store.contract.ts';
import { ownName, sharedAwsEndpoint } from '../../support/servers.ts';

const region = Region.parse('us-west-2');
const credentials = SANDBOX_CREDENTIALS;

objectStoreContract(async () => {
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('store'), zone: 'store.example' });
  return s3ObjectStore({ region, endpoint, credentials, bucket: world.buckets['us-west-2'] });
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
