import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AWS_ROLES, type AwsRole, awsRights, type IamPolicy, iamPolicy } from '#adapters/inspect';
import { memoryControlStore } from '#adapters/memory';
import { asDrError, Region, RequestId, systemClock } from '#core';
import { readAndHeal, verifyCaptured } from '#integrity';
import { chooseKeys, drillRegions, lookAtKeys } from '#keys';
import {
  archiveHours,
  listBackups,
  type Manifest,
  openBackup,
  openKey,
  proveKeyService,
  rewrapKey,
  type Vault,
  verifyBackup,
} from '#vault';
import { never, openEngine } from '../../support/engine.ts';
import { type AwsCall, decide, underPolicy } from '../../support/iam.ts';
import { hoursAgo, IN_TWO_DAYS, madeFrom, makeSegments } from '../../support/made-timeline.ts';
import { memoryVault } from '../../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../../support/servers.ts';

const scope = {
  buckets: { 'us-east-1': 'vault-a', 'us-west-2': 'vault-b', 'eu-west-1': 'vault-c' },
  switchBuckets: ['switch-a', 'switch-b'],
  keyAlias: 'alias/backup-key',
  earlierAliases: ['alias/backup-key-before'],
};
const policies = Object.fromEntries(AWS_ROLES.map((role) => [role, iamPolicy(role, scope)])) as Record<
  AwsRole,
  IamPolicy
>;
const may = (role: AwsRole, call: AwsCall): boolean => decide(policies[role], call) !== undefined;
const ofBackup = {
  'kms:EncryptionContext:purpose': 'holdfast-vault data key',
  'kms:EncryptionContext:key': '2026-B-1',
};
const ofCapture = { ...ofBackup, 'kms:EncryptionContext:key': 'capture-0001-2026-11-24T15-a1' };
const kms = (action: string, context: object, alias = scope.keyAlias): AwsCall => ({
  action: `kms:${action}`,
  resource: 'arn:aws:kms:us-west-2:ACCOUNT:key/1',
  context: { 'kms:ResourceAliases': [alias], ...context },
});
const s3 = (action: string, key: string): AwsCall => ({
  action: `s3:${action}`,
  resource: `arn:aws:s3:::vault-b/${key}`,
});

const [EAST, WEST] = [Region.parse('us-east-1'), Region.parse('us-west-2')];
const held = memoryVault();
let engine: Awaited<ReturnType<typeof openEngine>>;
let manifest: Manifest;
const worker = underPolicy(held.vault, policies.worker, scope);
beforeAll(async () => {
  const database = ownName('iam');
  engine = await openEngine(await sharedMongoUri(), database, worker.vault);
  await engine.db.collection('logs').insertMany(Array.from({ length: 50 }, (_, n) => ({ n })));
  manifest = await engine.backUp();
});
afterAll(() => engine?.close());

/** What was captured, and retention: other tests' business. */
const BY_OTHERS = ['capture/', 'archive/', 'holds/', 'retention/'];

/** What doctor asks of a bucket. */
const OF_DOCTOR = ['s3:GetBucket', 's3:GetLifecycle'];

/** Moves. */
const OF_DNS = ['route53:', 'Switch '];

/** What only the verification of what was captured needs, beside the prefixes above. */
const OF_CAPTURED = ['ListHidden ', 'ReadVersions s3:GetObjectVersion keys/'];

/** Each call of a role and where, by prefix, as the table has it; without the kinds left out. */
function granted(role: AwsRole, without: readonly string[] = []): string[] {
  return awsRights[role]
    .flatMap(({ id, calls, on }) =>
      calls.flatMap((call) => {
        if (on.kind !== 'objects') return [`${id} ${call}`];
        return on.under.map((prefix) => `${id} ${call} ${prefix.split('/')[0]}/`);
      }),
    )
    .filter((right) => !without.some((word) => right.includes(word)))
    .sort();
}

test("the worker's policy is enough to back up, verify, heal and rotate, and has nothing that these do not use", async () => {
  const { vault, used } = worker;
  const [segment] = manifest.body.segments;
  held.stores[1]?.tamper(segment?.key ?? '', (body) => body.subarray(1));
  held.stores[2]?.tamper(`manifests/${manifest.header.year}/${manifest.header.backup}`, (body) => body.subarray(1));
  const healed = await readAndHeal(vault, manifest.header, never());
  expect([healed.damage, healed.healed.length]).toEqual([[], 2]);
  expect((await verifyBackup(vault, manifest.header, never())).verdict).toBe('VERIFIED');
  const [chosen] = (await chooseKeys(vault, { kind: 'due', days: 0.0000001 }, never())).keys;
  if (!chosen) throw new Error('no key is due');
  const opened = await openKey(vault, chosen.use);
  expect((await rewrapKey(vault, opened, chosen.generation)).lacks).toEqual([]);
  opened.close();
  expect((await listBackups(vault, { limit: 1 })).backups).toMatchObject([{ state: 'VERIFIED' }]);
  await vault.stores[0].thaw(segment?.key ?? '', undefined, 1);
  // The record's anchors, doctor's probe and captured hours are not the vault's.
  expect([...used].sort()).toEqual(
    granted('worker', ['record/', 'doctor/', ...BY_OTHERS, ...OF_CAPTURED, ...OF_DOCTOR]),
  );
});

test("the worker's policy is enough to verify and heal what was captured, and each right for it is used", async () => {
  const { vault, stores } = memoryVault();
  const made = await makeSegments(vault, madeFrom(hoursAgo(4)), { count: 20, everySeconds: 240 });
  const { vault: mine, used } = underPolicy(vault, policies.worker, scope);
  const archive = { vault: mine, lock: IN_TWO_DAYS, durableRegions: 2, signal: never() };
  expect(await archiveHours(archive)).toHaveLength(1);
  const archived = stores[0]?.keys().filter((key) => /^(archive|keys.archive-)/.test(key)) ?? [];
  const captured = stores[0]?.keys().filter((key) => key.startsWith('keys/capture-')) ?? [];
  for (const key of [...archived, ...captured, ...made.keys]) {
    for (const store of stores) await store.put(key, Buffer.from('nonsense'), { lock: 'none', ifAbsent: false });
  }
  const world = { vault: mine, store: memoryControlStore(systemClock), captured: async () => undefined };
  const reading = { run: RequestId.parse('R-1'), percent: 100, signal: never(), report: () => undefined };
  const found = await verifyCaptured(world, reading);
  expect(found).toMatchObject({ damaged: 0, lost: [], healedCopies: 3 * (archived.length + captured.length + 20) });
  const needed = OF_CAPTURED.flatMap((words) => granted('worker').filter((right) => right.includes(words)));
  const under = granted('worker').filter((right) => right.includes('capture/') || right.includes('archive/'));
  expect([...used].sort()).toEqual(expect.arrayContaining([...needed, ...under]));
});

test('a right that is taken from it is missed', async () => {
  for (const taken of ['PutObjectRetention', 'kms:Encrypt', 's3:ListBucket', 's3:GetObjectVersion']) {
    const less = {
      ...policies.worker,
      Statement: policies.worker.Statement.map((each) => ({
        ...each,
        Action: each.Effect === 'Allow' ? each.Action.filter((action) => !action.includes(taken)) : each.Action,
      })),
    };
    const { vault } = underPolicy(held.vault, less, scope);
    const refused = await useAll(vault).then(() => undefined, asDrError);
    expect(refused?.message, taken).toContain('AccessDenied');
  }
  await useAll(worker.vault);
});

async function useAll(vault: Vault): Promise<void> {
  await listBackups(vault, { limit: 1 });
  const open = await openBackup(vault, manifest.header);
  try {
    for (const segment of open.manifest.body.segments) await open.readSegmentIn(EAST, segment);
  } finally {
    open.close();
  }
  const opened = await openKey(vault, { kind: 'backup', year: manifest.header.year, backup: manifest.header.backup });
  try {
    await rewrapKey(vault, opened, 9);
  } finally {
    opened.close();
  }
}

test('the role that restores opens and reads a whole backup, and writes nothing', async () => {
  const { vault, used } = underPolicy(held.vault, policies.restore, scope);
  await listBackups(vault, { limit: 1 });
  const open = await openBackup(vault, manifest.header);
  // In the west one was healed: its version is not the one that the manifest names.
  for (const segment of open.manifest.body.segments) await open.readSegmentIn(WEST, segment);
  await vault.stores[0].thaw(open.manifest.body.segments[0]?.key ?? '', undefined, 1);
  open.close();
  expect([...used].sort()).toEqual(granted('restore', [...BY_OTHERS]));
  for (const action of ['PutObject', 'DeleteObjectVersion', 'PutObjectRetention']) {
    expect(may('restore', s3(action, 'manifests/2026/B-1')), action).toBe(false);
  }
  expect(may('restore', kms('Encrypt', ofBackup))).toBe(false);
});

test('the bot lists, looks at keys, opens a manifest and tries a key, but reads no data and writes nothing', async () => {
  const { vault, used } = underPolicy(held.vault, policies.bot, scope);
  await listBackups(vault, { limit: 3 });
  expect((await lookAtKeys(vault)).keys.length).toBeGreaterThan(0);
  expect((await drillRegions(vault, manifest.header)).map(({ result }) => result)).toEqual(['OPENS', 'OPENS', 'OPENS']);
  for (const service of vault.keys) await proveKeyService(service, vault.random);
  expect([...used].sort()).toEqual(granted('bot', [...OF_DNS, ...BY_OTHERS]));
  expect(may('bot', s3('GetObject', 'segments/2026/B-1/a/documents-000000'))).toBe(false);
  expect(may('bot', kms('Encrypt', ofBackup))).toBe(false);
});

describe('capture, which runs beside the database all the time', () => {
  test('writes captured segments and wraps their keys', () => {
    for (const action of ['PutObject', 'PutObjectRetention']) {
      expect(may('capture', s3(action, 'capture/0001/2026-11-24T15/a'))).toBe(true);
      expect(may('capture', s3(action, 'keys/capture-0001-2026-11-24T15-a1/0001'))).toBe(true);
    }
    expect(may('capture', kms('Encrypt', ofCapture))).toBe(true);
  });

  test('touches nothing of a backup, wraps no key of one, opens nothing and removes nothing', () => {
    for (const key of [
      'manifests/2026/B-1',
      'segments/2026/B-1/a/oplog-0',
      'keys/2026-B-1-a1/0002',
      'checks/2026/B-1/x',
    ]) {
      for (const action of ['PutObject', 'PutObjectRetention', 'GetObject'])
        expect(may('capture', s3(action, key)), key).toBe(false);
    }
    expect(may('capture', kms('Encrypt', ofBackup))).toBe(false);
    expect(may('capture', kms('Encrypt', {}))).toBe(false);
    for (const context of [ofCapture, ofBackup, {}]) expect(may('capture', kms('Decrypt', context))).toBe(false);
    expect(may('capture', s3('DeleteObjectVersion', 'capture/0001/2026-11-24T15/a'))).toBe(false);
  });
});

test('only prune removes a version, and it opens nothing; nobody shortens a lock', () => {
  for (const role of AWS_ROLES) {
    const key = 'segments/2026/B-1/a/documents-000000';
    expect(may(role, s3('DeleteObjectVersion', key)), role).toBe(role === 'prune');
    // A marker would hide a backup without removing it.
    expect(may(role, s3('DeleteObject', key)), role).toBe(false);
    expect(may(role, s3('BypassGovernanceRetention', key)), role).toBe(false);
    expect(may(role, kms('Decrypt', ofBackup)), role).toBe(['bot', 'worker', 'restore'].includes(role));
  }
});

test('what a policy forbids stays forbidden beside a policy that allows everything', () => {
  const everything = { Sid: 'All', Effect: 'Allow', Action: ['*'], Resource: ['*'] } as const;
  const beside = (role: AwsRole): IamPolicy => ({
    ...policies[role],
    Statement: [...policies[role].Statement, everything],
  });
  expect(decide(beside('worker'), s3('DeleteObjectVersion', 'manifests/2026/B-1'))).toBeUndefined();
  expect(decide(beside('capture'), kms('Decrypt', ofCapture))).toBeUndefined();
  expect(decide(beside('prune'), kms('Decrypt', ofBackup))).toBeUndefined();
  const inTheClear = { ...s3('GetObject', 'manifests/2026/B-1'), context: { 'aws:SecureTransport': 'false' } };
  expect(decide(beside('worker'), inTheClear)).toBeUndefined();
  expect(decide(beside('move'), inTheClear)).toBeUndefined();
  expect(decide(beside('worker'), s3('GetObject', 'x'))?.Sid).toBe('All');
});

describe('a role that has the policies of worker, move and prune', () => {
  const both: IamPolicy = {
    ...policies.worker,
    Statement: (['worker', 'move', 'prune'] as const).flatMap((role) => policies[role].Statement),
  };
  const asked = (call: AwsCall, tag?: string): string | undefined =>
    decide(both, { ...call, context: { ...call.context, ...(tag ? { 'aws:PrincipalTag/holdfast': tag } : {}) } })?.Sid;
  const version = s3('DeleteObjectVersion', 'segments/2026/B-1/a/documents-000000');

  test('backs up, opens and removes what may go, once it is tagged', () => {
    expect(asked(version, 'worker-and-prune')).toBe('Remove');
    expect(asked(kms('Decrypt', ofBackup), 'worker-and-prune')).toBe('Open');
    expect(asked(s3('PutObject', 'segments/2026/B-1/a/x'), 'worker-and-prune')).toBe('Write');
    const thrown = { action: 's3:PutObject', resource: 'arn:aws:s3:::switch-b/dns-switch/us-east-1' };
    expect(asked(thrown, 'worker-and-prune')).toBe('Switch');
  });

  test('neither removes nor opens without the tag, or with another one', () => {
    for (const tag of [undefined, 'worker', 'prune']) {
      expect(asked(version, tag)).toBeUndefined();
      expect(asked(kms('Decrypt', ofBackup), tag)).toBeUndefined();
    }
  });

  test('hides nothing behind a marker and bypasses no lock, tagged or not', () => {
    for (const action of ['DeleteObject', 'BypassGovernanceRetention', 'PutLifecycleConfiguration']) {
      expect(asked(s3(action, 'segments/2026/B-1/a/x'), 'worker-and-prune'), action).toBeUndefined();
    }
  });
});

test('a worker that moves the system throws the switch that turns drivers away and removes nothing there; others see it at most', () => {
  const on = (action: string, path = 'switch-b/dns-switch/us-east-1'): AwsCall => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${path}`,
  });
  for (const role of AWS_ROLES) {
    expect(may(role, on('PutObject')), role).toBe(role === 'move');
    expect(may(role, on('GetObject')), role).toBe(['bot', 'move'].includes(role));
    expect(may(role, on('DeleteObject')), role).toBe(false);
    expect(may(role, on('PutObject', 'switch-b/other')), role).toBe(false);
  }
  expect(iamPolicy('bot', { ...scope, switchBuckets: [] }).Statement.map(({ Sid }) => Sid)).not.toContain('ReadSwitch');
});

test('a key that stood in the place of the current one opens and wraps nothing; any other key does neither', () => {
  expect(may('worker', kms('Decrypt', ofBackup, 'alias/backup-key-before'))).toBe(true);
  expect(may('worker', kms('Encrypt', ofBackup, 'alias/backup-key-before'))).toBe(false);
  expect(may('worker', kms('Decrypt', ofBackup, 'alias/somebody-elses'))).toBe(false);
});

test('each policy fits into IAM, which takes 6,144 characters, with the names of the first plan too', async () => {
  for (const role of AWS_ROLES) {
    expect(JSON.stringify(policies[role]).length, role).toBeLessThan(6_144);
    const written: unknown = JSON.parse(
      await readFile(new URL(`../../../docs/iam/${role}.json`, import.meta.url), 'utf8'),
    );
    expect(JSON.stringify(written).length, role).toBeLessThan(5_900);
  }
});
