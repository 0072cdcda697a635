import { afterAll, beforeAll, expect, test } from 'vitest';
import { asDrError, DrError, RequestId } from '#core';
import { restoreBeside } from '#restore';
import { listBackups, type Manifest, openBackup, verifyBackup } from '#vault';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';

const database = ownName('damage');
const held = memoryVault();
const { vault, stores, keys } = held;
const [east, west, eu] = stores as [(typeof stores)[0], (typeof stores)[0], (typeof stores)[0]];
let engine: Awaited<ReturnType<typeof openEngine>>;
let manifest: Manifest;

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
  await engine.db.collection('a').insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
  manifest = await engine.backUp();
});
afterAll(() => engine.close());

const backup = () => manifest.header.backup;
const manifestName = () => `manifests/${manifest.header.year}/${backup()}`;
const segment = () =>
  manifest.body.segments.find(({ kind }) => kind === 'documents') as Manifest['body']['segments'][0];
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error) => asDrError(error).code,
  );

/** Damages something in one region, looks, and puts it back. */
async function damaged(store: typeof east, key: string, change: (body: Buffer) => Buffer, look: () => Promise<void>) {
  const whole = await store.get(key);
  store.tamper(key, change);
  try {
    await look();
  } finally {
    store.tamper(key, () => whole);
  }
}

const flip =
  (at: number) =>
  (body: Buffer): Buffer => {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };

test('any byte of a manifest flipped in every region is refused', async () => {
  const whole = await east.get(manifestName());
  const accepted: number[] = [];
  for (let at = 0; at < whole.length; at += 1) {
    for (const store of stores) store.tamper(manifestName(), () => flip(at)(whole));
    const open = await openBackup(vault, backup()).catch((error: unknown) => asDrError(error));
    if (!(open instanceof DrError)) accepted.push(at);
  }
  for (const store of stores) store.tamper(manifestName(), () => whole);
  expect(accepted).toEqual([]);
  expect(await codeOf(openBackup(vault, backup()))).toBe('no error');
});

test.each([
  ['flipped', flip(40)],
  ['cut short', (body: Buffer) => body.subarray(0, body.length - 1)],
  ['emptied', () => Buffer.alloc(0)],
])('a segment that is %s in one region is found, and another region is used', async (_, change) => {
  await damaged(east, segment().key, change, async () => {
    const found: string[] = [];
    const open = await openBackup(vault, backup(), ({ region }) => found.push(region));
    await open.readSegment(segment());
    expect(found).toEqual(['us-east-1']);
    const check = await verifyBackup(vault, backup(), never());
    expect(check).toMatchObject({
      verdict: 'DAMAGED',
      restorable: true,
      damage: [{ region: 'us-east-1', segment: segment().key }],
    });
    const listed = (await listBackups(vault, { limit: 5 })).backups[0];
    expect(listed?.state).toBe('DAMAGED');
  });
  expect((await verifyBackup(vault, backup(), never())).verdict).toBe('VERIFIED');
});

test('a segment that is missing or another one in every region is refused', async () => {
  const other = (await engine.backUp()).body.segments.find(({ kind }) => kind === 'documents');
  const bytes = await east.get(other?.key ?? '');
  const whole = await east.get(segment().key);
  for (const store of stores) store.tamper(segment().key, () => bytes);
  const restore = () =>
    restoreBeside({
      vault,
      point: { backupId: backup() },
      target: engine.target,
      runId: RequestId.parse('R-900'),
      signal: never(),
    });
  expect(await codeOf(restore())).toBe('BACKUP_DAMAGED');
  const check = await verifyBackup(vault, backup(), never());
  expect(check.restorable).toBe(false);
  for (const store of stores) store.tamper(segment().key, () => whole);
  expect(await codeOf(restore())).toBe('no error');
});

test('a region whose S3 and KMS are dead does not matter', async () => {
  const dead = new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The vault in us-east-1 does not answer.');
  east.failWith(dead);
  keys[0]?.failWith(new DrError('SERVICE_UNAVAILABLE', 'transient', 'KMS in us-east-1 does not answer.'));
  try {
    const open = await openBackup(vault, backup());
    for (const one of open.manifest.body.segments) await open.readSegment(one);
    const list = await listBackups(vault, { limit: 5 });
    expect(list.unreachable.map(({ region }) => region)).toEqual(['us-east-1']);
    expect(list.backups.length).toBeGreaterThan(0);
  } finally {
    east.failWith(undefined);
    keys[0]?.failWith(undefined);
  }
});

test('a key service that refuses is said, and a dead one is worth another try', async () => {
  for (const key of keys) key.failWith(new DrError('KEY_REFUSED', 'permanent', 'KMS refused.'));
  expect(await codeOf(openBackup(vault, backup()))).toBe('KEY_REFUSED');
  keys[1]?.failWith(new DrError('SERVICE_UNAVAILABLE', 'transient', 'KMS does not answer.'));
  expect(await codeOf(openBackup(vault, backup()))).toBe('SERVICE_UNAVAILABLE');
  for (const key of keys) key.failWith(undefined);
});

test('a backup is not complete while no second region takes it, and leaves no manifest', async () => {
  const before = east.keys().filter((key) => key.startsWith('manifests/')).length;
  const full = new DrError('OBJECT_STORE_REFUSED', 'permanent', 'refused (AccessDenied, s3:PutObject)', {
    data: { code: 'AccessDenied' },
  });
  west.failWith(full);
  eu.failWith(full);
  expect(await codeOf(engine.backUp())).not.toBe('no error');
  west.failWith(undefined);
  const partial = await engine.backUp();
  eu.failWith(undefined);
  expect(partial.header.regions).toEqual(['us-east-1', 'us-west-2']);
  expect(east.keys().filter((key) => key.startsWith('manifests/')).length).toBe(before + 1);
  expect((await verifyBackup(vault, partial.header.backup, never())).verdict).toBe('VERIFIED');
});

test('the same id twice is the same backup', async () => {
  const again = await engine.backUp({ backupId: backup() });
  expect(again).toEqual(manifest);
});

test('a backup that is stopped leaves no manifest and can be taken again under its id', async () => {
  const stop = new AbortController();
  const appliedTime = () => {
    stop.abort();
    return engine.source.appliedTime();
  };
  const source = { ...engine.source, appliedTime };
  const backupId = manifest.header.backup.replace(/[0-9]{4}$/, '2359') as typeof manifest.header.backup;
  expect(await codeOf(engine.backUp({ backupId, source, signal: stop.signal }))).not.toBe('no error');
  expect(
    (await listBackups(vault, { limit: 50 })).backups.map((one) => ('header' in one ? one.header.backup : '')),
  ).not.toContain(backupId);
  expect((await engine.backUp({ backupId })).header.backup).toBe(backupId);
});

test('a planted newer generation with the wrap of another key does not shut a backup', async () => {
  const { key } = manifest.header;
  const context = { purpose: 'holdfast-vault data key', key };
  const [service] = keys;
  const wrapped = (await service?.wrap(Buffer.alloc(32, 7), context))?.wrapped.toString('base64');
  const generation = { format: 'holdfast-vault', version: 1, key, generation: 9, context };
  const planted = { ...generation, wraps: [{ region: 'us-east-1', keyName: 'memory:us-east-1', wrapped }] };
  const first = east.keys().find((name) => name.startsWith(`keys/${key}/`)) ?? '';
  const newer = first.replace(/[0-9]+$/, (digits) => '9'.padStart(digits.length, '0'));
  for (const store of stores)
    await store.put(newer, Buffer.from(JSON.stringify(planted)), { lock: 'none', ifAbsent: false });
  try {
    const open = await openBackup(vault, backup());
    expect((await open.readSegment(segment())).length).toBeGreaterThan(0);
    open.close();
  } finally {
    for (const store of stores) store.erase(newer);
  }
});
