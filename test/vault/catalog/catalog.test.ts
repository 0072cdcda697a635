import { describe, expect, test } from 'vitest';
import { BackupId, DrError, type Region } from '#core';
import type { OplogSource } from '#ports';
import { chooseParent } from '#snapshot';
import {
  type BackupListing,
  chooseBackup,
  compareCatalog,
  keepCheck,
  listBackups,
  mendedBy,
  noteBackup,
  placeOfListing,
  shownBackups,
  type Vault,
  verifyBackup,
  writeHold,
} from '#vault';
import { never } from '../../support/engine.ts';
import { smallBackup } from '../../support/small-backup.ts';
import { countedVault } from './counted-vault.ts';

const all = { limit: 200 };
const quietly = { everything: false, signal: never() };
const anew = { everything: true, signal: never() };
const dead = (): DrError => new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The region does not answer.');

/** What lists say of backups, in one comparable form. */
const said = (backups: readonly BackupListing[]) =>
  backups.map((one) => ({
    ...placeOfListing(one),
    state: one.state,
    regions: one.regions,
    ...(one.state === 'UNREADABLE' ? {} : { header: one.header, checked: one.check?.at }),
  }));

async function filled(count: number) {
  const world = countedVault();
  const manifests = [];
  for (let n = 0; n < count; n += 1) manifests.push(await smallBackup(world.vault));
  await compareCatalog(world.vault, quietly);
  return { ...world, manifests };
}

const manifestKeyOf = ({ year, backup }: { year: number; backup: string }): string => `manifests/${year}/${backup}`;
const recordIdOf = ({ year, backup }: { year: number; backup: string }): string => `${year}/${backup}`;

test('a list for people is one query of the control store and no request to a bucket, for 60 backups as for 6', async () => {
  const { vault, plain, ask } = await filled(60);
  for (const limit of [6, 60]) {
    const shown = await ask(() => shownBackups(vault, { limit }));
    expect(shown.queries).toBe(1);
    expect(shown.buckets).toEqual([]);
    expect(shown.value.backups).toHaveLength(limit);
    expect(said(shown.value.backups)).toEqual(said((await listBackups(plain, { limit })).backups));
  }
  const without = await ask(() => listBackups({ ...vault, catalog: undefined } as unknown as Vault, { limit: 60 }));
  expect(without.buckets.length).toBeGreaterThan(200);
});

test('whoever decides asks each bucket for two lists, and reads nothing that is known', async () => {
  const { vault, plain, ask } = await filled(60);
  const listed = await ask(() => listBackups(vault, all));
  expect(listed.buckets.toSorted()).toEqual([...Array(3).fill('list checks/'), ...Array(3).fill('list manifests/')]);
  expect(listed.queries).toBe(1);
  expect(said(listed.value.backups)).toEqual(said((await listBackups(plain, all)).backups));
});

test('what is done to a backup is noted at once: committed, verified, held, deleted', async () => {
  const { vault, stores, manifests } = await filled(1);
  const { header } = manifests[0] ?? expect.fail();
  const one = async () => {
    const { backups, isHeld } = await shownBackups(vault, all);
    const [first] = backups;
    return first && { ...said([first])[0], held: await isHeld(first) };
  };
  expect(await one()).toMatchObject({ backup: header.backup, state: 'NOT YET VERIFIED', held: false });
  await verifyBackup(vault, header, never());
  expect(await one()).toMatchObject({ state: 'VERIFIED' });
  const { year, backup } = header;
  await writeHold(vault, { format: 'holdfast-vault', year, backup, at: new Date(), by: 'Lisa Brown', reason: 'audit' });
  await noteBackup(vault, header);
  expect(await one()).toMatchObject({ held: true, state: 'VERIFIED' });
  for (const store of stores) store.erase(manifestKeyOf(header));
  await noteBackup(vault, header);
  expect(await one()).toBeUndefined();
});

describe('a catalog that lags or lies', () => {
  test('has what it lacks added and what is gone taken out, and says which', async () => {
    const { vault, plain, stores, catalog, manifests } = await filled(3);
    const [lacking, gone] = [manifests[0]?.header ?? expect.fail(), manifests[1]?.header ?? expect.fail()];
    const record = (await catalog.get(recordIdOf(lacking))) ?? expect.fail();
    await catalog.remove(record);
    for (const store of stores) store.erase(manifestKeyOf(gone));
    // whoever decides is not misled meanwhile
    expect(said((await listBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
    const found = await compareCatalog(vault, quietly);
    expect(found).toMatchObject({ entries: 2, added: { first: [lacking.backup] }, gone: { first: [gone.backup] } });
    expect(said((await shownBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
    expect(mendedBy(await compareCatalog(vault, quietly))).toBe(0);
  });

  test('whose record was spoilt keeps nobody from the others, and is put right', async () => {
    const { vault, plain, catalog, manifests } = await filled(3);
    const { header } = manifests[1] ?? expect.fail();
    const seen = (await catalog.get(recordIdOf(header))) ?? expect.fail();
    await catalog.replace(seen, { id: seen.value.id, content: 'nonsense' });
    expect((await shownBackups(vault, all)).backups).toHaveLength(2);
    expect(said((await listBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
    expect(await compareCatalog(vault, quietly)).toMatchObject({ changed: { first: [header.backup] }, entries: 3 });
    expect((await shownBackups(vault, all)).backups).toHaveLength(3);
  });

  test('whose header was changed by hand is found by whoever chooses, and by reading everything anew', async () => {
    const { vault, plain, catalog, manifests } = await filled(3);
    const { header } = manifests[2] ?? expect.fail();
    const lie = async (): Promise<void> => {
      const seen = (await catalog.get(recordIdOf(header))) ?? expect.fail();
      const text = JSON.stringify(seen.value.content).replace('"kind":"full"', '"kind":"incremental"');
      await catalog.replace(seen, { ...seen.value, content: JSON.parse(text) });
      expect(kindOf((await listBackups(vault, all)).backups[0])).toBe('incremental');
    };
    const kindOf = (one: BackupListing | undefined) => (one?.state === 'UNREADABLE' ? undefined : one?.header.kind);
    await lie();
    const { rests } = await chooseBackup(vault, 200, (backups) => ({ rests: backups[0] }));
    expect(kindOf(rests)).toBe('full');
    expect(kindOf((await shownBackups(vault, all)).backups[0])).toBe('incremental');
    const found = await compareCatalog(vault, anew);
    expect(found).toMatchObject({ changed: { first: [header.backup] }, everything: true });
    expect(said((await shownBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
  });

  test('leads no backup to a parent that is gone, nor to one that was found damaged', async () => {
    const { vault, plain, stores, manifests } = await filled(3);
    const [oldest, older, newest] = manifests.map(({ header }) => header);
    const oplog = { oldestTime: async () => ({ seconds: 0, increment: 0 }) } as Partial<OplogSource> as OplogSource;
    const chosen = () => chooseParent(vault, oplog, { include: 'all', exclude: [] });
    for (const store of stores) store.erase(manifestKeyOf(newest ?? expect.fail()));
    expect((await shownBackups(vault, all)).backups).toHaveLength(3);
    expect(await chosen()).toMatchObject({ kind: 'parent', parent: { backup: older?.backup } });
    const { year, backup } = older ?? expect.fail();
    await keepCheck(
      plain,
      { year, backup },
      {
        ...{ format: 'holdfast-vault', year, backup, at: new Date(), verdict: 'DAMAGED', restorable: false },
        ...{ regions: [], unreachable: [], damage: [], healed: [] },
      },
    );
    expect(said((await listBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
    expect(await chosen()).toMatchObject({ kind: 'none', because: `${older?.backup} is damaged` });
    for (const store of stores) store.erase(manifestKeyOf(older ?? expect.fail()));
    expect(await chosen()).toMatchObject({ kind: 'parent', parent: { backup: oldest?.backup } });
  });

  test('is found within a day by the hourly comparison alone', async () => {
    const { vault, catalog, manifests } = await filled(1);
    const { header } = manifests[0] ?? expect.fail();
    const seen = (await catalog.get(recordIdOf(header))) ?? expect.fail();
    const text = JSON.stringify(seen.value.content).replace('"documents":0', '"documents":7');
    await catalog.replace(seen, { ...seen.value, content: JSON.parse(text) });
    let found = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      const clock = { ...vault.clock, now: () => new Date(Date.now() + hour * 3_600_000) };
      found += mendedBy(await compareCatalog({ ...vault, clock }, quietly));
    }
    expect(found).toBe(1);
  });

  test('of which a manifest was written over says what is there now', async () => {
    const { vault, plain, stores, manifests } = await filled(2);
    const [first, second] = [manifests[0]?.header ?? expect.fail(), manifests[1]?.header ?? expect.fail()];
    const other = await stores[0]?.get(manifestKeyOf(second));
    for (const store of stores) {
      await store.put(manifestKeyOf(first), other ?? expect.fail(), { lock: 'none', ifAbsent: false });
    }
    expect(said((await listBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
    const found = await compareCatalog(vault, quietly);
    expect(found).toMatchObject({ changed: { first: [first.backup] }, unreadable: { count: 1 } });
    expect(found.unreadable.first[0]?.problem).toContain(second.backup);
    expect(said((await shownBackups(vault, all)).backups)).toEqual(said((await listBackups(plain, all)).backups));
  });

  test('gives the header that opened, where one region has another', async () => {
    const { vault, stores } = await filled(1);
    const key = stores[0]?.keys().find((each) => each.startsWith('manifests/')) ?? '';
    const forged = (await stores[0]?.get(key)) ?? expect.fail();
    forged.write('"documents":9', forged.indexOf('"documents":0'));
    await stores[0]?.put(key, forged, { lock: 'none', ifAbsent: false });
    await compareCatalog(vault, quietly);
    expect((await shownBackups(vault, all)).backups).toMatchObject([{ header: { documents: 0 } }]);
  });
});

describe('a region that does not answer', () => {
  test('takes nothing out of the catalog, and what only it has stays', async () => {
    const { vault, stores, manifests } = await filled(3);
    const { header } = manifests[0] ?? expect.fail();
    for (const store of stores.slice(1)) store.erase(manifestKeyOf(header));
    await noteBackup(vault, header);
    stores[0]?.failWith(dead());
    const found = await compareCatalog(vault, anew);
    expect(found).toMatchObject({ entries: 3, gone: { count: 0 }, silent: [{ region: 'us-east-1' }] });
    const shown = await shownBackups(vault, all);
    expect(shown.backups).toHaveLength(3);
    expect(shown.unreachable.map(({ region }) => region)).toEqual(['us-east-1']);
    stores[0]?.failWith(undefined);
    const after = await compareCatalog(vault, anew);
    expect([after.entries, mendedBy(after), after.silent]).toEqual([3, 0, []]);
  });

  test('and no other that does: that is said, and the catalog stays as it is', async () => {
    const { vault, stores } = await filled(2);
    for (const store of stores) store.failWith(dead());
    await expect(compareCatalog(vault, anew)).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });
    expect((await shownBackups(vault, all)).backups).toHaveLength(2);
  });

  test('of the key services leaves headers unproved until one opens them', async () => {
    const { vault, keys, stores, store } = await filled(2);
    void store;
    const silent = { ...vault, keys: keys.map((key) => ({ ...key, unwrap: async () => Promise.reject(dead()) })) };
    expect(await compareCatalog(silent, anew)).toMatchObject({ entries: 2, unproved: { count: 2 } });
    expect((await shownBackups(vault, all)).backups).toHaveLength(2);
    expect(stores).toHaveLength(3);
    expect(await compareCatalog(vault, quietly)).toMatchObject({ changed: { count: 2 }, unproved: { count: 0 } });
  });
});

test('a backup that is committed in the middle of a comparison is not taken for gone', async () => {
  const { vault, manifests } = await filled(1);
  let made: BackupId | undefined;
  const [home, ...others] = vault.stores;
  const late = {
    ...home,
    async *list(prefix: string) {
      yield* home.list(prefix);
      if (prefix !== 'manifests/' || made) return;
      made = BackupId.parse('B-0101-0001');
      await smallBackup(vault, { backup: made });
    },
  };
  await compareCatalog({ ...vault, stores: [late, ...others] }, quietly);
  const names = (await shownBackups(vault, all)).backups.map((one) => placeOfListing(one).backup);
  expect(names).toEqual([manifests[0]?.header.backup, made]);
});

test('without a control store that answers the buckets are asked, and backups are made all the same', async () => {
  const { vault, plain, catalog } = await filled(2);
  const never2 = new Promise<never>(() => undefined);
  const refused = () => Promise.reject(new DrError('STORE_UNAVAILABLE', 'transient', 'no primary'));
  for (const find of [() => never2, refused]) {
    const cut = { ...vault, catalog: { ...catalog, find, get: refused } };
    await smallBackup(cut);
    const shown = await shownBackups(cut, all);
    expect(said(shown.backups)).toEqual(said((await listBackups(plain, all)).backups));
    expect(shown.comparedAt).toBeUndefined();
  }
  // what could not be noted is found by the next comparison
  expect(await compareCatalog(vault, quietly)).toMatchObject({ added: { count: 2 }, entries: 4 });
});

test('a region that hangs keeps nobody waiting for a note', async () => {
  const { vault, plain } = await filled(1);
  const [home, west, europe] = vault.stores;
  if (!west || !europe) throw new Error('the vault has three regions');
  const hanging = {
    ...west,
    async *list(prefix: string) {
      await new Promise(() => undefined);
      yield* west.list(prefix);
    },
  };
  const clock = { ...vault.clock, sleep: async (ms: number) => vault.clock.sleep(Math.min(ms, 50)) };
  await smallBackup({ ...vault, clock, stores: [home, hanging, europe] });
  expect((await listBackups(plain, all)).backups).toHaveLength(2);
});

test('a catalog that was never compared is not believed to be complete', async () => {
  const { vault, plain, stores } = countedVault();
  await smallBackup(plain);
  await smallBackup(vault);
  expect((await shownBackups(vault, all)).backups).toHaveLength(2);
  await compareCatalog(vault, quietly);
  for (const store of stores) store.failWith(dead());
  expect((await shownBackups(vault, all)).backups).toHaveLength(2);
  expect((await shownBackups(vault, all)).backups[0]?.regions).toEqual(
    vault.stores.map(({ region }): Region => region),
  );
});
