import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import { memoryKeyService } from '#adapters/memory';
import { s3ObjectStore } from '#adapters/s3';
import { Region, systemClock, systemRandom } from '#core';
import { readAndHeal } from '#integrity';
import { createAwsWorld, SANDBOX_CREDENTIALS, s3For } from '#sandbox/servers';
import { openBackup, openVault, verifyBackup } from '#vault';
import { never, openEngine } from '../support/engine.ts';
import { ownName, sharedAwsEndpoint, sharedMongoUri } from '../support/servers.ts';

const endpoint = await sharedAwsEndpoint();
const world = await createAwsWorld({ endpoint, prefix: ownName('heal'), zone: 'heal.example' });
const stores = (['us-east-1', 'us-west-2'] as const).map((name) =>
  s3ObjectStore({
    region: Region.parse(name),
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
    bucket: world.buckets[name],
  }),
);
const keys = stores.map(({ region }) => memoryKeyService(region));
const vault = openVault({ stores, keys, clock: systemClock, random: systemRandom });
const database = ownName('heal');
const engine = await openEngine(await sharedMongoUri(), database, vault);
afterAll(async () => {
  await engine.close();
  for (const store of stores) store.close();
});

test('a version that an administrator removed past its lock is written again, locked as before, and found by readers', async () => {
  await engine.db.collection('logs').insertMany(Array.from({ length: 2_000 }, (_, n) => ({ n })));
  const { header, body } = await engine.backUp();
  const [segment] = body.segments;
  if (!segment) throw new Error('the backup has no segment');
  const west = Region.parse('us-west-2');
  const s3 = s3For('us-west-2', endpoint);
  await s3.send(
    new DeleteObjectCommand({
      Bucket: world.buckets['us-west-2'],
      Key: segment.key,
      VersionId: segment.copies[west],
      BypassGovernanceRetention: true,
    }),
  );
  s3.destroy();
  expect((await verifyBackup(vault, header.backup, never())).verdict).toBe('DAMAGED');

  const found = await readAndHeal(vault, header, never());
  expect(found).toMatchObject({ damage: [], restorable: true, healed: [{ region: west, from: 'us-east-1' }] });
  expect(await stores[1]?.head(segment.key)).toMatchObject({ lock: { mode: 'governance', until: expect.any(Date) } });
  const open = await openBackup(vault, header.backup);
  await open.readSegmentIn(west, segment);
  open.close();
}, 60_000);
