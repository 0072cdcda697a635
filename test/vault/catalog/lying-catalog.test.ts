import { describe, expect, test } from 'vitest';
import type { OplogSource } from '#ports';
import { chooseParent } from '#snapshot';
import {
  type BackupListing,
  chooseBackup,
  compareCatalog,
  keepCheck,
  listBackups,
  mendedBy,
  shownBackups,
} from '#vault';
import { all, anew, filled, manifestKeyOf, quietly, recordIdOf, said } from './filled-catalog.ts';

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
