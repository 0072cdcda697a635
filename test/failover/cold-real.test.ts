import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kmsKeyService } from '#adapters/kms';
import { memberAgents } from '#adapters/member-agent';
import { memberUri, openOtherCluster, openReplicaSet } from '#adapters/mongodb';
import { s3ObjectStore } from '#adapters/s3';
import { Region, RequestId, systemClock, systemRandom } from '#core';
import type { MemberHosts } from '#ports';
import { vaultData } from '#restore';
import { coldMongod, type MemberAgent, startMemberAgent } from '#sandbox/member-agent';
import { createAwsWorld, freePort, passwordOf, SANDBOX_CREDENTIALS, VAULT_REGIONS } from '#sandbox/servers';
import { listTimelines, openVault, type Vault, verifyBackup } from '#vault';
import { captureBench } from '../capture/capture-bench.ts';
import { openEngine, rawDocuments } from '../support/engine.ts';
import { ownName, sharedAwsEndpoint, sharedMongoUri } from '../support/servers.ts';

const R1 = RequestId.parse('R-1');
const work = { signal: new AbortController().signal, report: () => undefined };
const database = ownName('cold');
const key = { text: 'a'.repeat(100) };
const SECRETS = { orders: 'orders', questions: 'questions' };
const vault = await openS3Vault();
let folder: string;
let agent: MemberAgent;
let hosts: MemberHosts;
let host: string;
let uri: string;
let engine: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cold-'));
  const port = await freePort();
  host = `127.0.0.1:${port}`;
  const machine = coldMongod({
    ...{ region: 'eu-west-1', set: 'eld-eu-west-1', port, dir: join(folder, 'cold'), key, databases: [database] },
  });
  agent = await startMemberAgent({ servers: [machine], folder: join(folder, 'agent'), secrets: SECRETS });
  hosts = memberAgents({
    ...{ agents: { [host]: agent.url }, secrets: SECRETS, clock: systemClock },
    uriOf: (address) => `mongodb://${address}/?directConnection=true`,
  });
  // one environment for both sets: the users are the same, only the host differs
  uri = memberUri(`mongodb://holdfast:${passwordOf(key.text, 'holdfast')}@gone:1/?replicaSet=eld`, host);
  engine = await openEngine(await sharedMongoUri(), database, vault);
  await engine.db.collection('logs').insertMany(Array.from({ length: 3_000 }, (_, n) => ({ n, at: new Date() })));
  await engine.db.collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 3_600 });
  await engine.db.createCollection('recent', { viewOn: 'logs', pipeline: [{ $match: { n: { $lt: 7 } } }] });
}, 60_000);
afterAll(async () => {
  await hosts?.hold(host).catch(() => undefined);
  await agent?.stop();
  await engine?.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

const data = () =>
  vaultData({
    restore: { vault, liveName: 'eld' } as Parameters<typeof vaultData>[0]['restore'],
    open: async (at) => openOtherCluster({ uri: memberUri(uri, at), who: at }),
    timelines: async () => (await listTimelines(vault)).timelines,
  });

test('an agent founds a set on an empty machine, the vault fills it, it is proved, and users get in after the block', async () => {
  expect(await hosts.look(host)).toMatchObject({ state: 'stopped', empty: true });
  await expect(hosts.start(host)).rejects.toMatchObject({ code: 'HOST_REFUSED' });
  await expect(data().newest()).rejects.toMatchObject({ code: 'BACKUP_UNKNOWN' });
  const capture = captureBench(await sharedMongoUri(), database, vault);
  capture.start();
  await capture.caughtUp();
  const { header } = await engine.backUp();
  await verifyBackup(vault, header.backup, work.signal);
  await engine.db.collection('logs').insertMany(Array.from({ length: 50 }, (_, n) => ({ late: n, at: new Date() })));
  await capture.caughtUp();
  await capture.stop();
  const point = await data().newest();
  expect(point).toMatchObject({ backupId: header.backup, until: { timeline: 1 } });
  await hosts.found(host);
  await hosts.found(host);
  const set = openReplicaSet({ uri });
  const eld = new MongoClient(
    `mongodb://eld:${passwordOf(key.text, 'eld')}@${host}/?directConnection=true&authSource=admin`,
  );
  const root = new MongoClient(
    `mongodb://root:${passwordOf(key.text, 'root')}@${host}/?directConnection=true&authSource=admin`,
  );
  try {
    expect((await set.look()).members).toMatchObject([{ host, region: 'eu-west-1', state: 'primary' }]);
    await set.blockWrites(5_000);
    await expect(eld.db(database).collection('logs').insertOne({ early: true })).rejects.toThrow(/write/i);
    await data().judge(host, point);
    const loaded = await data().load(R1, host, point, work);
    // capture's own marks are in the database too
    expect((await data().prove(R1, host, point, work)).documents).toBeGreaterThanOrEqual(3_050);
    expect(await data().name(R1, host, point, loaded)).toBe(loaded.collections + 1);
    expect(await data().name(R1, host, point, loaded)).toBe(loaded.collections + 1);
    await set.unblockWrites();
    const there = await rawDocuments(root, database, 'logs');
    expect(there).toHaveLength(3_050);
    expect(there.toSorted()).toEqual((await rawDocuments(engine.client, database, 'logs')).toSorted());
    const indexes = await root.db(database).collection('logs').listIndexes().toArray();
    expect(indexes.find(({ name }) => name === 'ttl')?.['expireAfterSeconds']).toBe(3_600);
    expect(await root.db(database).collection('recent').countDocuments()).toBe(7);
    await eld.db(database).collection('logs').insertOne({ late: true });
  } finally {
    await Promise.all([set.close(), eld.close(), root.close()]);
  }
  await expect(hosts.wipe(host)).rejects.toMatchObject({ code: 'HOST_REFUSED' });
  await hosts.hold(host);
  await hosts.wipe(host);
  expect(await hosts.look(host)).toMatchObject({ state: 'held', empty: true });
}, 120_000);

/** Buckets and keys of three regions, with real S3 and KMS calls. */
async function openS3Vault(): Promise<Vault> {
  const [endpoint, prefix] = [await sharedAwsEndpoint(), ownName('cold')];
  const { buckets } = await createAwsWorld({ endpoint, prefix, zone: 'cold.example' });
  const parts = VAULT_REGIONS.map((name) => {
    const common = { region: Region.parse(name), endpoint, credentials: SANDBOX_CREDENTIALS };
    return {
      store: s3ObjectStore({ ...common, bucket: buckets[name] }),
      key: kmsKeyService({ ...common, keyId: `alias/${prefix}` }),
    };
  });
  return openVault({
    // three regions, so it has the one that the type asks for
    stores: parts.map(({ store }) => store) as unknown as Vault['stores'],
    keys: parts.map(({ key: service }) => service),
    ...{ clock: systemClock, random: systemRandom },
  });
}
