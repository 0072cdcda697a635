import { expect, test } from 'vitest';
import { DrError, utc } from '#core';
import { backupsCard, commandFlow, compareQuietly, requestCard, viewOf } from '#flows';
import type { RestoreTarget } from '#ports';
import { compareCatalog, verifyBackup } from '#vault';
import { never } from '../support/engine.ts';
import { smallBackup } from '../support/small-backup.ts';
import { wordsOf } from '../support/words-of.ts';
import { countedVault } from '../vault/catalog/counted-vault.ts';
import { restoreFlow } from './restores/restore-flow.ts';

/** Holdfast's commands on a vault with a catalog; nothing of them touches a database. */
function company() {
  const counted = countedVault();
  const flow = restoreFlow(counted.vault, {} as RestoreTarget, 'eld');
  const cardOf = async (id: Parameters<typeof flow.run>[0]): Promise<string> => {
    const view = await viewOf(id, flow.flow);
    return view ? wordsOf(requestCard(view)) : '';
  };
  const notes = async () => (await flow.flow.timeline.read({ limit: 500 })).filter(({ kind }) => kind === 'note');
  const requests = async () =>
    (await flow.flow.requests.find({ limit: 50 })).map(({ value: { line, via, quiet } }) => ({ line, via, quiet }));
  return { ...counted, ...flow, count: counted.ask, cardOf, notes, requests };
}

test('a catalog that is not there yet is said to be so, and made by a rebuild that says what it found', async () => {
  const { plain, ask, work, cardOf, run } = company();
  const made = [await smallBackup(plain), await smallBackup(plain)];
  expect((await ask('alex-chen', 'catalog')).words).toContain('not made yet');
  const { id } = await ask('alex-chen', 'catalog rebuild');
  await work();
  expect(await run(id)).toMatchObject({ state: 'done' });
  const card = await cardOf(id);
  expect(card).toContain('2 backups in the catalog');
  expect(card).toContain(`2 new: ${made[1]?.header.backup}, ${made[0]?.header.backup}`);
  const { words } = await ask('alex-chen', 'catalog');
  expect(words).toContain(`2 backups, the newest ${made[1]?.header.backup}`);
  expect(words).toMatch(/Compared with the buckets .*, every manifest read: put right:/);
});

test('a rebuild says what could not be read and why, which regions were silent, and what is gone', async () => {
  const { vault, stores, ask, work, cardOf } = company();
  const [gone, spoilt] = [await smallBackup(vault), await smallBackup(vault)];
  await compareCatalog(vault, { everything: false, signal: never() });
  for (const store of stores) {
    store.erase(`manifests/${gone.header.year}/${gone.header.backup}`);
    store.tamper(`manifests/${spoilt.header.year}/${spoilt.header.backup}`, () => Buffer.from('nonsense'));
  }
  stores[2]?.failWith(new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'Nobody answers.'));
  const { id } = await ask('alex-chen', 'catalog rebuild');
  await work();
  const card = await cardOf(id);
  expect(card).toContain(`${spoilt.header.backup}: A manifest is not one.`);
  expect(card).toContain('No answer from eu-west-1: Nobody answers.');
  // eu-west-1 may have it yet
  expect(card).not.toContain('gone from the buckets');
  stores[2]?.failWith(undefined);
  const again = await ask('alex-chen', 'catalog rebuild');
  await work();
  expect(await cardOf(again.id)).toContain(`1 gone from the buckets: ${gone.header.backup}`);
});

test('the hourly comparison is heard of only when it had to mend something, and then everything is read anew', async () => {
  const { vault, flow, catalog, work, notes, requests } = company();
  const { header } = await smallBackup(vault);
  await compareCatalog(vault, { everything: false, signal: never() });
  await compareQuietly('catalog-compare/1', flow);
  expect([await notes(), await requests()]).toEqual([[], []]);

  const record = await catalog.get(`${header.year}/${header.backup}`);
  if (record) await catalog.remove(record);
  await compareQuietly('catalog-compare/2', flow);
  await compareQuietly('catalog-compare/2', flow);
  expect(await notes()).toMatchObject([{ id: 'catalog/catalog-compare/2', data: { added: [header.backup] } }]);
  expect(await requests()).toEqual([{ line: 'catalog rebuild', via: 'schedule', quiet: undefined }]);
  await work();
  await compareQuietly('catalog-compare/3', flow);
  expect(await notes()).toHaveLength(1);
});

test('a restore is chosen by what the buckets have: not a backup that is gone, and not by a header that was changed', async () => {
  const { vault, stores, catalog, ask, request } = company();
  const [older, newest] = [await smallBackup(vault), await smallBackup(vault)];
  for (const { header } of [older, newest]) await verifyBackup(vault, header, never());
  await compareCatalog(vault, { everything: false, signal: never() });
  const chosenBy = async (line: string) => (await request((await ask('alex-chen', line)).id))?.preview?.preview.facts;
  expect(await chosenBy('restore latest')).toMatchObject({ backup: newest.header.backup });

  const seen = await catalog.get(`${newest.header.year}/${newest.header.backup}`);
  const lie = JSON.stringify(seen?.value.content).replaceAll(/"seconds":\d+/g, '"seconds":1000');
  if (seen) await catalog.replace(seen, { ...seen.value, content: JSON.parse(lie) });
  const { seconds } = newest.header.window.end;
  expect(await chosenBy('restore latest')).toMatchObject({ moment: utc(new Date(seconds * 1000)) });

  for (const store of stores) store.erase(`manifests/${newest.header.year}/${newest.header.backup}`);
  expect((await ask('alex-chen', 'backups')).words).toContain(newest.header.backup);
  expect(await chosenBy('restore latest')).toMatchObject({ backup: older.header.backup });
  const { words } = await ask('alex-chen', `restore ${newest.header.backup}`);
  expect(words).toContain(`There is no backup "${newest.header.backup}". Nothing was changed.`);
});

test('whoever has a role may have it rebuilt, and everybody may look', async () => {
  const { flow, ask, requests } = company();
  const guest = {
    person: undefined,
    name: 'Guest',
    team: 't',
    user: 'guest',
    via: 'terminal',
    timeZone: 'UTC',
  } as const;
  const heard: string[] = [];
  for (const line of ['catalog', 'catalog rebuild']) {
    await commandFlow({ line, speaker: guest, intake: line, request: undefined }, flow, {
      say: async (card) => void heard.push(card.push),
      refuse: async (error) => void heard.push(error.code),
      ask: undefined,
    });
  }
  expect(heard).toEqual(['No catalog yet.', 'NOT_LINKED']);
  expect((await ask('rachel-green', 'catalog rebuild --dry-run')).words).toContain('No backup is touched.');
  expect(await requests()).toEqual([]);
});

test('`/dr backups` says as of when it is, and asks the buckets for no manifest, check or hold', async () => {
  const { vault, world, count } = company();
  for (let n = 0; n < 8; n += 1) await smallBackup(vault);
  await compareCatalog(vault, { everything: false, signal: never() });
  const { value, buckets } = await count(() => backupsCard(world));
  expect(wordsOf(value, new Date())).toContain('As of the catalog, compared ');
  expect(buckets.filter((call) => /manifests|checks|holds|keys/.test(call))).toEqual([]);
  // what was captured is asked for by its names, as many calls for one backup as for a thousand
  expect(buckets.length).toBeLessThan(10);
});
