import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kmsKeyService } from '#adapters/kms';
import { openOplogSource, openRestoreTarget, openSnapshotSource } from '#adapters/mongodb';
import { s3ObjectStore } from '#adapters/s3';
import { Region, RequestId, systemClock, systemRandom } from '#core';
import { restoreBeside, restoreTtl, restoreViews, swapCollection, verifyBeside } from '#restore';
import {
  createAwsWorld,
  createUsers,
  type ReplicaSet,
  SANDBOX_CREDENTIALS,
  startReplicaSet,
  VAULT_REGIONS,
} from '#sandbox/servers';
import { takeFullSnapshot } from '#snapshot';
import { listBackups, openVault, type Vault, verifyBackup } from '#vault';
import { giveNames, takeNamesBack } from '../../src/restore/give-names.ts';
import { never } from '../support/engine.ts';
import { nextBackupId, PLAN_HASH } from '../support/memory-vault.ts';
import { ownName, sharedAwsEndpoint } from '../support/servers.ts';

let set: ReplicaSet;
let vault: Vault;

beforeAll(async () => {
  const member = (name: string, priority: number) => ({ name, region: 'us-east-1', priority });
  set = await startReplicaSet({ name: 'least', members: [member('one', 2), member('two', 1)] });
  await createUsers({ rootUri: set.uri('root'), keyText: set.key.text, databases: ['eld'] });
  const endpoint = await sharedAwsEndpoint();
  const world = await createAwsWorld({ endpoint, prefix: ownName('least'), zone: 'least.example' });
  const at = (name: (typeof VAULT_REGIONS)[number]) => ({
    region: Region.parse(name),
    endpoint,
    credentials: SANDBOX_CREDENTIALS,
  });
  vault = openVault({
    stores: VAULT_REGIONS.map((name) => s3ObjectStore({ ...at(name), bucket: world.buckets[name] })),
    keys: VAULT_REGIONS.map((name) => kmsKeyService({ ...at(name), keyId: world.kmsKeys[name] })),
    clock: systemClock,
    random: systemRandom,
  });
}, 120_000);
afterAll(() => set.stop());

test('the rights of the sandbox suffice: from a secondary to S3, back, and in while users may not write', async () => {
  const root = new MongoClient(set.uri('root'));
  const db = root.db('eld');
  await db.createCollection('logs', { validator: { n: { $type: 'number' } } });
  await db.collection('logs').insertMany(Array.from({ length: 5_000 }, (_, n) => ({ n, at: new Date() })));
  await db.collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 86_400 });
  await db.createCollection('recent', { viewOn: 'logs', pipeline: [] });
  await db.createCollection('readings', { timeseries: { timeField: 'at', metaField: 'of' } });
  await db.collection('readings').createIndex({ of: 1, at: -1 });
  await db.collection('readings').insertMany(Array.from({ length: 100 }, (_, n) => ({ of: n % 3, at: new Date(), n })));

  const source = await openSnapshotSource({ uri: set.uri('holdfast'), prefer: 'secondary' });
  const oplog = await openOplogSource({ uri: set.uri('holdfast'), prefer: 'secondary' });
  const target = await openRestoreTarget({ uri: set.uri('holdfast') });
  expect(source.member).toBe(set.member('two').host);
  const phases = new Set<string>();
  const { header } = await takeFullSnapshot({
    source,
    oplog,
    vault,
    backupId: nextBackupId(),
    databases: { include: 'all', exclude: [] },
    lock: { mode: 'compliance', days: 1 },
    planHash: PLAN_HASH,
    signal: never(),
    onProgress: ({ phase }) => phases.add(phase),
  });
  expect([...phases]).toEqual(['reading', 'copying']);
  expect(header.regions).toEqual(['us-east-1', 'us-west-2', 'eu-west-1']);
  // said without which a restore to another cluster could not be judged
  expect(header.source).toMatchObject({ version: '6.0.5', featureVersion: '6.0' });
  expect(header.source?.setId).toMatch(/^[0-9a-f]{24}$/);
  await verifyBackup(vault, header.backup, never());
  const listed = await listBackups(vault, { limit: 5 });
  expect(listed.backups.map(({ state }) => state)).toEqual(['VERIFIED']);

  await db.dropDatabase();
  const runId = RequestId.parse('R-7');
  const options = { vault, point: { backupId: header.backup }, target, runId, signal: never() };
  const restored = await restoreBeside(options);
  const [readings] = restored.collections.filter(({ timeSeries }) => timeSeries);
  expect(await db.collection(readings?.beside ?? '').countDocuments()).toBe(100);
  await giveNames(target, readings ? [{ ...readings, name: 'again' }] : []);
  await takeNamesBack(target, readings ? [{ ...readings, name: 'again' }] : []);
  const collections = restored.collections.filter(({ timeSeries }) => !timeSeries);
  await root.db('admin').command({ setUserWriteBlockMode: 1, global: true });
  for (const collection of collections) {
    await swapCollection({ target, runId, collection });
    await restoreTtl({ target, runId, collection });
  }
  const views = await restoreViews({ vault, point: { backupId: header.backup }, target, databases: ['eld'] });
  expect(views.created).toEqual(['eld.recent']);
  const proof = await verifyBeside({ ...options, where: 'beside', namespaces: ['eld.readings'] });
  expect(proof.collections.flatMap(({ differences }) => differences)).toEqual([]);
  expect(
    (await verifyBeside({ ...options, where: 'live', namespaces: ['eld.logs'] })).collections.flatMap(
      ({ differences }) => differences,
    ),
  ).toEqual([]);
  expect(await db.collection('recent').countDocuments()).toBe(5_000);
  await Promise.all([source.close(), oplog.close(), target.close(), root.close()]);
}, 60_000);
