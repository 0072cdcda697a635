import { beforeEach, describe, expect, test } from 'vitest';
import { asDrError, DrError } from '#core';
import {
  type KeyUse,
  keyGenerationKey,
  type Manifest,
  manifestKey,
  openBackup,
  openKey,
  rewrapKey,
  standingOf,
  type Vault,
} from '#vault';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup, WITHIN_A_DAY, watchedVault } from '../support/small-backup.ts';

type Held = ReturnType<typeof memoryVault>;
let held: Held;
let vault: Vault;
let manifest: Manifest;
beforeEach(async () => {
  held = memoryVault();
  vault = held.vault;
  manifest = await smallBackup(vault);
});

const dead = new DrError('SERVICE_UNAVAILABLE', 'transient', 'It does not answer.');
const useOf = ({ header }: Manifest): KeyUse => ({ kind: 'backup', year: header.year, backup: header.backup });
const nameOf = (generation: number): string => keyGenerationKey(manifest.header.key, generation);
const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];

async function rewrap(generation: number, on: Vault = vault, use: KeyUse = useOf(manifest)) {
  const opened = await openKey(on, use);
  try {
    return await rewrapKey(on, opened, generation);
  } finally {
    opened.close();
  }
}

/** The regions whose key, alone, opens the backup. */
async function opening(on: Vault = vault): Promise<string[]> {
  const tried = await Promise.all(
    on.keys.map(async (service) => {
      const opened = await openBackup({ ...on, keys: [service] }, manifest.header).catch(asDrError);
      if (opened instanceof DrError) return [];
      opened.close();
      return [service.region];
    }),
  );
  return tried.flat();
}

/** Puts a key object there that somebody who may write into the buckets made, with the wraps of a key of theirs. */
async function plant(generation: number, regions: readonly string[] = REGIONS, bytes = Buffer.alloc(32, 7)) {
  const { key } = manifest.header;
  const context = { purpose: 'holdfast-vault data key', key };
  const wraps = await Promise.all(
    held.keys.map(async (service) => {
      const { wrapped, keyName } = await service.wrap(bytes, context);
      return { region: service.region, keyName, wrapped: wrapped.toString('base64') };
    }),
  );
  const file = { format: 'holdfast-vault', version: 1, key, generation, madeAt: '2099-01-01T00:00:00.000Z', context };
  for (const store of held.stores.filter(({ region }) => regions.includes(region))) {
    await store.put(nameOf(generation), Buffer.from(JSON.stringify({ ...file, wraps })), {
      lock: 'none',
      ifAbsent: false,
    });
  }
}

test('a new generation is in every region under the longest lock of its manifest, and the ones before stay as they were', async () => {
  const before = await Promise.all(held.stores.map((store) => store.get(nameOf(1))));
  const until = new Date(Date.now() + 7 * 86_400_000);
  const [east] = held.stores;
  const object = (await east?.get(manifestKey(manifest.header))) ?? Buffer.alloc(0);
  await east?.put(manifestKey(manifest.header), object, { lock: { mode: 'compliance', until }, ifAbsent: false });

  const { standing, lacks } = await rewrap(2);
  expect([standing.generation, standing.opens, lacks]).toEqual([2, REGIONS, []]);
  for (const store of held.stores) {
    expect((await store.head(nameOf(2)))?.lock).toEqual({ mode: 'compliance', until });
  }
  const after = await Promise.all(held.stores.map((store) => store.get(nameOf(1))));
  expect(after.every((bytes, index) => bytes.equals(before[index] ?? Buffer.alloc(0)))).toBe(true);
  expect(await opening()).toEqual(REGIONS);
});

test('a key that a region replaced may go once its wraps were made anew, and not before', async () => {
  const [east] = held.keys;
  east?.replaceKey('forgotten');
  expect(await opening()).toEqual(REGIONS.slice(1));
  await rewrap(2);
  expect(await opening()).toEqual(REGIONS);
});

test('a dead region is said, gets nothing, and is made good under the next number', async () => {
  held.stores[2]?.failWith(dead);
  held.keys[2]?.failWith(dead);
  const first = await rewrap(2);
  expect(first.standing.opens).toEqual(REGIONS.slice(0, 2));
  expect(first.lacks.map(({ region, what, kind }) => `${region} ${what} ${kind}`)).toEqual([
    'eu-west-1 copy silent',
    'eu-west-1 wrap silent',
  ]);
  held.stores[2]?.failWith(undefined);
  held.keys[2]?.failWith(undefined);
  const second = await rewrap(2);
  expect([second.standing.generation, second.standing.opens, second.lacks]).toEqual([3, REGIONS, []]);
});

test('of two that two workers wrote under one number, only what both have counts', async () => {
  const [east] = held.stores;
  const file = JSON.parse(String(await east?.get(nameOf(1)))) as { wraps: { region: string }[] };
  const less = { ...file, wraps: file.wraps.filter(({ region }) => region !== 'eu-west-1') };
  east?.tamper(nameOf(1), () => Buffer.from(JSON.stringify(less)));
  const opened = await openKey(vault, useOf(manifest));
  const { opens, lacks } = await standingOf(vault, opened, 1);
  opened.close();
  expect([opens, lacks.map(({ region, what }) => `${what} ${region}`)]).toEqual([
    ['us-east-1', 'us-west-2'],
    ['wrap eu-west-1'],
  ]);
});

test('only the copy of a generation that is whole otherwise is spread, not a new one made', async () => {
  held.stores[1]?.failWith(dead);
  expect((await rewrap(2)).lacks.map(({ region, what }) => [region, what])).toEqual([['us-west-2', 'copy']]);
  held.stores[1]?.failWith(undefined);
  const { standing, lacks } = await rewrap(2);
  expect([standing.generation, lacks]).toEqual([2, []]);
  expect(held.stores[1]?.keys()).not.toContain(nameOf(3));
});

test('with the key service of one region left, every backup opens; with none, it is worth another try', async () => {
  await rewrap(2);
  for (const alone of held.keys) {
    for (const service of held.keys) service.failWith(service === alone ? undefined : dead);
    expect(await opening()).toEqual([alone.region]);
  }
  for (const service of held.keys) service.failWith(dead);
  expect(await rewrap(3).catch(asDrError)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', kind: 'transient' });
});

describe('somebody who may write into the buckets', () => {
  test('plants a newer generation: the right key is wrapped, under a number above it', async () => {
    await plant(9);
    const { standing } = await rewrap(10);
    expect([standing.generation, standing.opens]).toEqual([10, REGIONS]);
    expect(await opening()).toEqual(REGIONS);
  });

  test('sits under the next number: it is passed over and left where it is', async () => {
    await plant(2, ['us-west-2']);
    const { standing, lacks } = await rewrap(2);
    expect([standing.generation, standing.opens, lacks]).toEqual([3, REGIONS, []]);
  });

  test('sits under every number: that is said, and nothing is written', async () => {
    for (let number = 2; number < 30; number += 1) await plant(number, ['us-west-2']);
    expect(await rewrap(2).catch(asDrError)).toMatchObject({ code: 'TARGET_EXISTS', kind: 'permanent' });
    expect(held.stores[0]?.keys().filter((key) => key.startsWith('keys/'))).toEqual([nameOf(1)]);
  });

  test('repeats an old set with fewer wraps: it is not believed to be the best there is', async () => {
    const [east] = held.stores;
    const file = JSON.parse(String(await east?.get(nameOf(1)))) as { wraps: { region: string }[] };
    const less = { ...file, generation: 2, wraps: file.wraps.filter(({ region }) => region === 'eu-west-1') };
    for (const store of held.stores)
      await store.put(nameOf(2), Buffer.from(JSON.stringify(less)), { lock: 'none', ifAbsent: true });
    const { standing, lacks } = await rewrap(2);
    expect([standing.generation, standing.opens, lacks]).toEqual([3, REGIONS, []]);
  });
});

describe('what does not do what it says', () => {
  test('a bucket that gives back other bytes than were written is said, and its region does not count', async () => {
    const [, west] = held.stores;
    const put = west?.put;
    if (!west || !put) throw new Error('no bucket');
    west.put = (key, body, options) => put(key, Buffer.concat([Buffer.from('x'), body]), { ...options });
    const { standing, lacks } = await rewrap(2);
    west.put = put;
    expect(standing.generation).toBe(2);
    expect(lacks).toMatchObject([{ region: 'us-west-2', what: 'copy', kind: 'refused' }]);
    expect(west.keys()).not.toContain(nameOf(3));
  });

  test('a key service that wraps something else is said, and what it wrapped is not even written', async () => {
    const [, west] = held.keys;
    const wrap = west?.wrap;
    if (!west || !wrap) throw new Error('no key service');
    west.wrap = (_key, context) => wrap(Buffer.alloc(32, 9), context);
    const { standing, lacks } = await rewrap(2);
    west.wrap = wrap;
    expect(standing.keyNames.map(({ region }) => region)).toEqual(['us-east-1', 'eu-west-1']);
    expect(lacks).toMatchObject([{ region: 'us-west-2', what: 'wrap', kind: 'refused' }]);
  });

  test('a key service that refuses and a bucket that refuses are said with their words', async () => {
    held.keys[1]?.failWith(new DrError('KEY_REFUSED', 'permanent', 'KMS refused (DisabledException).'));
    const [, , eu] = held.stores;
    const put = eu?.put;
    if (!eu || !put) throw new Error('no bucket');
    eu.put = async () => {
      throw new DrError('OBJECT_STORE_REFUSED', 'permanent', 'refused (AccessDenied)');
    };
    const { lacks } = await rewrap(2);
    eu.put = put;
    expect(lacks).toEqual([
      { region: 'eu-west-1', what: 'copy', kind: 'refused', problem: 'refused (AccessDenied)' },
      { region: 'us-west-2', what: 'wrap', kind: 'refused', problem: 'KMS refused (DisabledException).' },
    ]);
  });
});

describe('the key of a captured hour, which no manifest proves', () => {
  const name = 'capture-0001-2026-11-24T15-a1b2c3d4';
  const use: KeyUse = { kind: 'capture', key: name };
  const put = async (generation: number, bytes: Buffer, service = held.keys[0]) => {
    const context = { purpose: 'holdfast-vault data key', key: name };
    const made = await service?.wrap(bytes, context);
    const wraps = [{ region: service?.region, keyName: made?.keyName, wrapped: made?.wrapped.toString('base64') }];
    const file = { format: 'holdfast-vault', version: 1, key: name, generation, context, wraps };
    for (const store of held.stores) {
      await store.put(keyGenerationKey(name, generation), Buffer.from(JSON.stringify(file)), {
        lock: WITHIN_A_DAY,
        ifAbsent: true,
      });
    }
  };

  test('is wrapped for every region while all its wraps agree, locked as its newest generation is', async () => {
    await put(1, Buffer.alloc(32, 3));
    const { standing, lacks } = await rewrap(2, vault, use);
    expect([standing.opens, lacks]).toEqual([REGIONS, []]);
    expect((await held.stores[1]?.head(keyGenerationKey(name, 2)))?.lock).toEqual(WITHIN_A_DAY);
  });

  test('is not chosen between two: that is said, and nothing is written', async () => {
    await put(1, Buffer.alloc(32, 3));
    await put(2, Buffer.alloc(32, 4), held.keys[1]);
    const watched = watchedVault(vault);
    const refused = await rewrap(3, watched.vault, use).catch(asDrError);
    expect(refused).toMatchObject({ code: 'BACKUP_DAMAGED', kind: 'permanent' });
    expect(held.stores[0]?.keys()).not.toContain(keyGenerationKey(name, 3));
    expect(watched.left()).toBe(0);
  });
});
