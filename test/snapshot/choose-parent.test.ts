import { expect, test } from 'vitest';
import type { OplogSource } from '#ports';
import { chooseParent } from '#snapshot';
import { keepCheck, type Manifest } from '#vault';
import { memoryVault } from '../support/memory-vault.ts';
import { smallBackup } from '../support/small-backup.ts';

const scope = { include: 'all', exclude: [] } as const;
const ALL = { include: 'all' as const, exclude: [...scope.exclude] };

/** An oplog of which only the beginning is asked. */
const oplogFrom = (seconds: number) =>
  ({ oldestTime: async () => ({ seconds, increment: 0 }) }) satisfies Partial<OplogSource> as unknown as OplogSource;
const LONG = oplogFrom(0);

const linkOn = (parent: Manifest, more: Partial<Manifest['header']> = {}) => {
  const { year, backup, window } = parent.header;
  const end = { ...window.end, increment: window.end.increment + 1 };
  const header = {
    kind: 'incremental',
    parent: { year, backup },
    window: { start: window.end, end },
    ...more,
  } as const;
  return { header };
};

test('the newest backup is stood on; where there is none a full one is taken', async () => {
  const { vault } = memoryVault();
  expect(await chooseParent(vault, LONG, ALL)).toEqual({ kind: 'none', because: 'there is no backup yet' });
  const full = await smallBackup(vault, { header: { storedBytes: 100 } });
  const link = await smallBackup(vault, linkOn(full));
  const { year, backup } = link.header;
  expect(await chooseParent(vault, LONG, ALL)).toEqual({ kind: 'parent', parent: { year, backup } });
});

test('a full one is taken for other databases, and when the oplog no longer reaches back', async () => {
  const { vault } = memoryVault();
  const { header } = await smallBackup(vault);
  expect(await chooseParent(vault, LONG, { include: ['eld'], exclude: [] })).toEqual({
    kind: 'none',
    because: `${header.backup} is of other databases`,
  });
  expect(await chooseParent(vault, oplogFrom(header.window.start.seconds + 1), ALL)).toEqual({
    kind: 'none',
    because: `the oplog no longer reaches back to ${header.backup}`,
  });
});

test('a chain that is long, heavy or broken is not gone on with', async () => {
  const { vault } = memoryVault();
  let newest = await smallBackup(vault, { header: { storedBytes: 1_000 } });
  const full = newest;
  for (let link = 0; link < 29; link += 1) newest = await smallBackup(vault, linkOn(newest, { storedBytes: 1 }));
  expect(await chooseParent(vault, LONG, ALL)).toMatchObject({ kind: 'parent' });
  newest = await smallBackup(vault, linkOn(newest, { storedBytes: 1 }));
  expect(await chooseParent(vault, LONG, ALL)).toEqual({
    kind: 'none',
    because: '30 backups of changes stand on each other',
  });
  for (const heavy of [{ storedBytes: 501 }, { storedBytes: 1, documents: 1_000_001 }]) {
    const other = memoryVault();
    const base = await smallBackup(other.vault, { header: { storedBytes: 1_000 } });
    await smallBackup(other.vault, linkOn(base, heavy));
    const chosen = await chooseParent(other.vault, LONG, ALL);
    expect(chosen).toEqual({ kind: 'none', because: 'as much has changed as makes a full one cheaper' });
  }
  const lost = memoryVault();
  await smallBackup(lost.vault, linkOn(full));
  expect(await chooseParent(lost.vault, LONG, ALL)).toMatchObject({
    because: expect.stringContaining('which is not there'),
  });
});

test('what was found damaged in every region is not stood on', async () => {
  const { vault, regions } = memoryVault();
  const { header } = await smallBackup(vault);
  await keepCheck(vault, header, {
    ...{ format: 'holdfast-vault', year: header.year, backup: header.backup, at: new Date(), verdict: 'DAMAGED' },
    ...{ regions, unreachable: [], restorable: false, damage: [], healed: [] },
  });
  expect(await chooseParent(vault, LONG, ALL)).toEqual({ kind: 'none', because: `${header.backup} is damaged` });
});
