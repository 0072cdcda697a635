import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { kmsKeyService } from '#adapters/kms';
import { s3ObjectStore } from '#adapters/s3';
import { generateApprovalKeys } from '#approvals';
import { Region, systemClock, systemRandom } from '#core';
import { createAwsWorld, SANDBOX_CREDENTIALS, VAULT_REGIONS } from '#sandbox/servers';
import { openVault, verifyBackup } from '#vault';
import { openHoldfast } from '../../src/main/open-holdfast.ts';
import { startWorker } from '../../src/main/worker.ts';
import { runTerminal } from '../../src/terminal/run-terminal.ts';
import { eldText } from '../plan/eld-plan.ts';
import { never, openEngine } from '../support/engine.ts';
import { ownName, sharedAwsEndpoint, sharedMongoUri } from '../support/servers.ts';
import { memoryOutput } from './memory-output.ts';

// The process's environment is this file's own: vitest runs each file in a process of its own.
const database = ownName('lost');
const ends: (() => Promise<unknown>)[] = [];
let dir = '';
let client: MongoClient;

/** A backup in buckets, made before anything of Holdfast's own existed; then what Holdfast needs to start, and no more. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdfast-lost-'));
  ends.push(() => rm(dir, { recursive: true, force: true }));
  const [uri, endpoint, prefix] = [await sharedMongoUri(), await sharedAwsEndpoint(), ownName('lost')];
  const aws = await createAwsWorld({ endpoint, prefix, zone: 'lost.example' });
  client = new MongoClient(uri);
  ends.push(() => client.close());
  await client
    .db(database)
    .collection<{ _id: number }>('logs')
    .insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: n })));
  const at = (region: (typeof VAULT_REGIONS)[number]) => ({ region: Region.parse(region), endpoint });
  const vault = openVault({
    stores: VAULT_REGIONS.map((region) =>
      s3ObjectStore({ ...at(region), bucket: aws.buckets[region], credentials: SANDBOX_CREDENTIALS }),
    ),
    keys: VAULT_REGIONS.map((region) =>
      kmsKeyService({ ...at(region), keyId: `alias/${prefix}`, credentials: SANDBOX_CREDENTIALS }),
    ),
    clock: systemClock,
    random: systemRandom,
  });
  const engine = await openEngine(uri, database, vault, 'primary');
  const { header } = await engine.backUp();
  await verifyBackup(vault, header, never());
  ends.push(() => engine.close());
  await client.db(database).dropCollection('logs');

  const plan = parseDocument(eldText);
  plan.setIn(['mongodb', 'databases'], [database]);
  plan.setIn(['mongodb', 'kms_key_alias'], `alias/${prefix}`);
  plan.setIn(['mongodb', 'continuous', 'enabled'], false);
  const files = { 'plan.yaml': plan.toString(), 'key.pem': generateApprovalKeys().privatePem, kubeconfig: KUBECONFIG };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  Object.assign(process.env, {
    HOLDFAST_PLAN: join(dir, 'plan.yaml'),
    HOLDFAST_APPROVAL_KEY: join(dir, 'key.pem'),
    KUBECONFIG: join(dir, 'kubeconfig'),
    HOLDFAST_VAULT_BUCKETS: VAULT_REGIONS.map((region) => `${region}=${aws.buckets[region]}`).join(','),
    HOLDFAST_TRUST_AS: 'on',
    HOLDFAST_LOG_LEVEL: 'silent',
    MONGODB_URI: uri,
    CONTROL_MONGODB_URI: uri,
    REDIS_URL: 'redis://127.0.0.1:1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: SANDBOX_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SANDBOX_CREDENTIALS.secretAccessKey,
  });
}, 60_000);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const KUBECONFIG = JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] });

async function dr(...words: string[]): Promise<{ code: number; text: string }> {
  const out = memoryOutput();
  const code = await runTerminal([...words, '--as', 'Alex Chen'], out);
  return { code, text: out.text() };
}

test('with an empty control store, the buckets and the keys, dr catalog rebuild and dr restore latest do their work', async () => {
  // nobody else in this run keeps its state under this name
  await client.db('holdfast').dropDatabase();
  const holdfast = await openHoldfast('worker');
  const stop = await startWorker(holdfast);
  ends.push(async () => {
    await stop();
    await holdfast.closers.close();
    await client.db('holdfast').dropDatabase();
  });
  expect((await dr('backups')).text).toMatch(/B-\d{4}-\d{4}/);

  const rebuilt = await dr('catalog', 'rebuild');
  expect(rebuilt.text).toContain('1 backup in the catalog');
  expect(rebuilt.code).toBe(0);
  expect((await dr('catalog', '--json')).text).toContain('1 backup, the newest B-');

  const restored = await dr('restore', 'latest');
  expect(restored.code).toBe(0);
  const [beside] = (await client.db(database).listCollections().toArray()).map(({ name }) => name);
  expect(beside).toMatch(/^__hf_R\d+_logs$/);
  expect(
    await client
      .db(database)
      .collection(beside ?? '')
      .countDocuments(),
  ).toBe(500);
}, 60_000);
