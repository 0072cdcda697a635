import { CreateAliasCommand, CreateKeyCommand, KMSClient, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { afterAll, expect, test } from 'vitest';
import { kmsKeyService } from '#adapters/kms';
import { s3ObjectStore } from '#adapters/s3';
import { Region, systemClock, systemRandom } from '#core';
import { chooseKeys, drillRegions } from '#keys';
import { createAwsWorld, SANDBOX_CREDENTIALS } from '#sandbox/servers';
import { keyGenerationKey, openKey, openVault, rewrapKey } from '#vault';
import { never } from '../support/engine.ts';
import { ownName, sharedAwsEndpoint } from '../support/servers.ts';
import { smallBackup, WITHIN_A_DAY } from '../support/small-backup.ts';

const NAMES = ['us-east-1', 'us-west-2', 'eu-west-1'] as const;
const endpoint = await sharedAwsEndpoint();
const prefix = ownName('rotate');
const world = await createAwsWorld({ endpoint, prefix, zone: 'rotate.example' });
const at = { endpoint, credentials: SANDBOX_CREDENTIALS };
const regions = NAMES.map((name) => Region.parse(name));
const stores = regions.map((region, index) =>
  s3ObjectStore({ region, bucket: world.buckets[NAMES[index] ?? 'us-east-1'], ...at }),
);
const [current, earlier] = [`alias/${prefix}`, `alias/${prefix}-before`];
const keysWith = (earlierKeyIds: string[]) =>
  regions.map((region) => kmsKeyService({ region, keyId: current, earlierKeyIds, ...at }));
const vaultWith = (earlierKeyIds: string[]) =>
  openVault({ stores, keys: keysWith(earlierKeyIds), clock: systemClock, random: systemRandom });
const kms = new KMSClient({ region: 'us-east-1', ...at });
afterAll(() => {
  for (const store of stores) store.close();
  kms.destroy();
});

test('after a region got another KMS key, rotation frees the one before: without it each region opens the backup alone', async () => {
  const { header } = await smallBackup(vaultWith([]));
  const before = world.kmsKeys['us-east-1'];
  await kms.send(new CreateAliasCommand({ AliasName: earlier, TargetKeyId: before }));
  const TargetKeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
  await kms.send(new UpdateAliasCommand({ AliasName: current, TargetKeyId }));
  const results = async (vault: ReturnType<typeof vaultWith>) =>
    (await drillRegions(vault, header)).map(({ result }) => result);
  expect(await results(vaultWith([]))).toEqual(['REFUSED', 'OPENS', 'OPENS']);

  const vault = vaultWith([earlier]);
  expect(await results(vault)).toEqual(['OPENS', 'OPENS', 'OPENS']);
  const [chosen] = (await chooseKeys(vault, { kind: 'all' }, never())).keys;
  if (!chosen) throw new Error('no key was chosen');
  const opened = await openKey(vault, chosen.use);
  const { standing, lacks } = await rewrapKey(vault, opened, chosen.generation);
  opened.close();
  expect([standing.generation, standing.opens, lacks]).toEqual([2, regions, []]);
  expect(standing.keyNames[0]?.keyName).toBe(TargetKeyId);
  for (const store of stores) {
    const head = await store.head(keyGenerationKey(header.key, 2));
    expect(head?.lock).toMatchObject({ mode: 'governance' });
    const until = head && head.lock !== 'none' ? head.lock.until.getTime() : 0;
    expect(Math.abs(until - WITHIN_A_DAY.until.getTime())).toBeLessThan(1_000);
  }
  expect(await results(vaultWith([]))).toEqual(['OPENS', 'OPENS', 'OPENS']);
});
