import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DrError } from '#core';
import { listBackups, type Manifest, openBackup, verifyBackup } from '#vault';
import { pick, type Seeded, seeded } from '../e2e/scenarios/seeded.ts';
import { never, openEngine } from '../support/engine.ts';
import { memoryVault } from '../support/memory-vault.ts';
import { ownName, sharedMongoUri } from '../support/servers.ts';
import { verifyBench } from './carry-verify.ts';

const database = ownName('integrity');
const held = memoryVault();
const { vault, stores } = held;
const [east, west, eu] = stores as [(typeof stores)[0], (typeof stores)[0], (typeof stores)[0]];
let engine: Awaited<ReturnType<typeof openEngine>>;
const backups: Manifest[] = [];
/** Every object as it was written, by region and key. */
const whole = new Map<string, Buffer>();

beforeAll(async () => {
  engine = await openEngine(await sharedMongoUri(), database, vault);
  for (const name of ['a', 'b', 'c']) {
    await engine.db.collection(name).insertMany(Array.from({ length: 300 }, (_, n) => ({ n, text: 'x'.repeat(n) })));
    backups.push(await engine.backUp());
  }
  for (const store of stores) for (const key of store.keys()) whole.set(`${store.region} ${key}`, await store.get(key));
});
afterAll(() => engine?.close());
beforeEach(async () => {
  for (const store of stores) {
    store.failWith(undefined);
    for (const key of store.keys()) store.tamper(key, (body) => whole.get(`${store.region} ${key}`) ?? body);
  }
});

const { verify } = verifyBench(vault);

const newest = (): Manifest => backups.at(-1) as Manifest;
const segment = (): string => newest().body.segments[0]?.key ?? '';
const flip = (body: Buffer): Buffer => {
  const changed = Buffer.from(body);
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 4;
  return changed;
};

test('what is whole is read back in every region, and nothing is written but the result', async () => {
  const before = stores.map((each) => each.keys().filter((key) => !key.startsWith('checks/')));
  const { state, findings } = await verify({ kind: 'all' });
  expect(state).toBe('done');
  expect(findings).toHaveLength(3);
  expect(findings.every(({ damage, healed, restorable }) => restorable && damage.length + healed.length === 0)).toBe(
    true,
  );
  expect(stores.map((each) => each.keys().filter((key) => !key.startsWith('checks/')))).toEqual(before);
});

test('a damaged segment and a damaged manifest are healed from another region, locked as the backup is', async () => {
  west.tamper(segment(), flip);
  eu.tamper(`manifests/${newest().header.year}/${newest().header.backup}`, flip);
  const { state, findings } = await verify({ kind: 'newest' });
  expect(state).toBe('done');
  expect(findings[0]).toMatchObject({
    damage: [],
    restorable: true,
    healed: [
      { region: 'us-west-2', segment: segment(), from: 'us-east-1' },
      { region: 'eu-west-1', segment: 'manifest', from: 'us-east-1' },
    ],
  });
  expect((await west.get(segment())).equals(await east.get(segment()))).toBe(true);
  expect(await west.head(segment())).toMatchObject({ lock: { mode: 'governance' } });
  const listed = (await listBackups(vault, { limit: 1 })).backups[0];
  expect(listed).toMatchObject({
    state: 'VERIFIED',
    check: { healed: [{ from: 'us-east-1' }, { from: 'us-east-1' }] },
  });
  // The manifest still names the damaged version; the region alone is enough all the same.
  const open = await openBackup(vault, newest().header.backup);
  for (const each of newest().body.segments) await open.readSegmentIn(west.region, each);
  open.close();
});

test("a region's copy of the key is read too: damaged or gone, it is written again", async () => {
  const name = newest().header.key;
  const key = east.keys().find((each) => each.startsWith(`keys/${name}/`)) ?? '';
  west.tamper(key, flip);
  const { lock } = (await eu.head(key)) ?? {};
  eu.hide(key);
  const { state, findings } = await verify({ kind: 'newest' });
  expect(state).toBe('done');
  expect(findings[0]?.healed.map(({ region, segment }) => [region, segment])).toEqual([
    ['us-west-2', key],
    ['eu-west-1', key],
  ]);
  for (const each of stores) expect(await each.get(key)).toEqual(whole.get(`us-east-1 ${key}`));
  expect(await west.head(key)).toMatchObject({ lock });
});

test('a backup whose key is gone everywhere is listed as one that leads nowhere', async () => {
  const { key: name, backup } = newest().header;
  for (const each of stores) {
    const key = each.keys().find((one) => one.startsWith(`keys/${name}/`)) ?? '';
    each.tamper(key, () => Buffer.from('{}'));
  }
  expect((await verify({ kind: 'one', backup })).state).toBe('failed');
  expect((await listBackups(vault, { limit: 1 })).backups[0]).toMatchObject({
    state: 'DAMAGED',
    check: { restorable: false },
  });
});

test('what is damaged everywhere fails the run, names the object, and says that it can not be restored', async () => {
  for (const each of stores) each.tamper(segment(), flip);
  const { state, failure, findings } = await verify({ kind: 'one', backup: newest().header.backup });
  expect(state).toBe('failed');
  expect(failure?.message).toContain(
    `${newest().header.backup} is damaged in us-east-1, ${segment().split('/').at(-1)}`,
  );
  expect(failure?.hint).toContain('can not be restored');
  expect(findings[0]).toMatchObject({ restorable: false, healed: [] });
});

test('a manifest damaged in every region is a finding, and the other backups are read all the same', async () => {
  const key = `manifests/${newest().header.year}/${newest().header.backup}`;
  for (const each of stores) each.tamper(key, (body) => body.subarray(0, 10));
  const { state, findings } = await verify({ kind: 'all' });
  expect(state).toBe('failed');
  expect(findings.map(({ restorable }) => restorable)).toEqual([false, true, true]);
});

test('a bucket that refuses the healed copy leaves the damage said, with what to look at', async () => {
  west.tamper(segment(), flip);
  const put = west.put;
  west.put = async (key, ...rest) => {
    if (key === segment()) throw new DrError('OBJECT_STORE_REFUSED', 'permanent', 'refused (AccessDenied)');
    return put(key, ...rest);
  };
  const { state, failure } = await verify({ kind: 'newest' });
  west.put = put;
  expect(state).toBe('failed');
  expect(failure?.hint).toContain('check the rights there');
});

test('a region that does not answer is said, and is no damage', async () => {
  west.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The vault in us-west-2 does not answer.'));
  const { state, findings } = await verify({ kind: 'newest' });
  expect(state).toBe('done');
  expect(findings[0]).toMatchObject({ damage: [], unreachable: ['us-west-2'], restorable: true });
});

test('a share takes what was not read for the longest time, so that all is read after enough of them', async () => {
  const read: string[] = [];
  await verify({ kind: 'all' });
  for (let time = 0; time < 3; time += 1) {
    const { findings } = await verify({ kind: 'share', percent: 1 });
    expect(findings).toHaveLength(1);
    read.push(findings[0]?.backup ?? '');
  }
  expect(new Set(read)).toEqual(new Set(backups.map(({ header }) => header.backup)));
});

/** What may happen to one object of one region. */
const HARMS: readonly [Harm, ...Harm[]] = [
  { name: 'a flipped bit', do: (body, random) => flipAt(body, Math.floor(random() * body.length * 8)) },
  { name: 'a cut', do: (body, random) => body.subarray(0, Math.floor(random() * body.length)) },
  { name: 'other bytes', do: (body) => Buffer.alloc(body.length, 7) },
  { name: 'bytes too many', do: (body) => Buffer.concat([body, Buffer.from([0])]) },
  { name: 'another object', do: (_body, _random, other) => other },
];
interface Harm {
  readonly name: string;
  readonly do: (body: Buffer, random: Seeded, other: Buffer) => Buffer;
}

function flipAt(body: Buffer, bit: number): Buffer {
  const changed = Buffer.from(body);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

test('120 random damages of segments and manifests: each is found, none survives, all is whole afterwards', async () => {
  const random = seeded(20261124);
  const { year, backup } = newest().header;
  const objects = [`manifests/${year}/${backup}`, ...newest().body.segments.map(({ key }) => key)];
  for (let round = 0; round < 120; round += 1) {
    const spared = pick(random, [east, west, eu]);
    const harmed = stores.filter((each) => each !== spared && random() < 0.7);
    const key = objects[Math.floor(random() * objects.length)] ?? '';
    const other = objects[Math.floor(random() * objects.length)] ?? '';
    const harm = pick(random, HARMS);
    let expected = 0;
    for (const each of harmed) {
      const body = await each.get(key);
      const changed = harm.do(body, random, (await spared.get(other)) as Buffer);
      if (changed.equals(body)) continue;
      each.tamper(key, () => changed);
      expected += 1;
    }
    const { findings } = await verify({ kind: 'newest' });
    const what = `round ${round}: ${harm.name} in ${harmed.map(({ region }) => region)} of ${key}`;
    expect(findings[0]?.healed.length, what).toBe(expected);
    expect(findings[0]?.damage, what).toEqual([]);
  }
  expect((await verifyBackup(vault, backup, never())).verdict).toBe('VERIFIED');
}, 120_000);
