import { DrError } from '#core';
import { type BackupListing, compareCatalog, placeOfListing } from '#vault';
import { never } from '../../support/engine.ts';
import { smallBackup } from '../../support/small-backup.ts';
import { countedVault } from './counted-vault.ts';

export const all = { limit: 200 };
export const quietly = { everything: false, signal: never() };
export const anew = { everything: true, signal: never() };
export const dead = (): DrError => new DrError('OBJECT_STORE_UNAVAILABLE', 'transient', 'The region does not answer.');

/** What lists say of backups, in one comparable form. */
export const said = (backups: readonly BackupListing[]) =>
  backups.map((one) => ({
    ...placeOfListing(one),
    state: one.state,
    regions: one.regions,
    ...(one.state === 'UNREADABLE' ? {} : { header: one.header, checked: one.check?.at }),
  }));

/** So many backups of nothing, all of them in the catalog. */
export async function filled(count: number) {
  const world = countedVault();
  const manifests = [];
  for (let n = 0; n < count; n += 1) manifests.push(await smallBackup(world.vault));
  await compareCatalog(world.vault, quietly);
  return { ...world, manifests };
}

export const manifestKeyOf = ({ year, backup }: { year: number; backup: string }): string =>
  `manifests/${year}/${backup}`;
export const recordIdOf = ({ year, backup }: { year: number; backup: string }): string => `${year}/${backup}`;
