import { describe, expect, test } from 'vitest';
import { BackupId, DrError, type Region } from '#core';
import {
  compareCatalog,
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
import { all, anew, dead, filled, manifestKeyOf, quietly, said } from './filled-catalog.ts';

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
  // of a few not all checks of the vault are listed, only theirs
  const [newest] = listed.value.backups;
  await verifyBackup(plain, placeOfListing(newest ?? expect.fail()), never());
  const few = await ask(() => listBackups(vault, { limit: 3 }));
  expect(few.buckets.filter((call) => call.startsWith('list'))).toHaveLength(3 + 3 * 3 + 3);
  expect(few.value.backups[0]?.state).toBe('VERIFIED');
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
