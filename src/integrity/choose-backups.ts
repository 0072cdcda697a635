import { z } from 'zod';
import { BackupId, DrError } from '#core';
import { type BackupListing, type BackupPlace, listBackups, type Vault } from '#vault';

/**
 * What is read: everything, what was captured, one backup by its id, the newest, or so many hundredths of all that backups
 * hold and of the captured hours.
 */
export const Which = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  /** Of backups none: what was captured. */
  z.object({ kind: z.literal('captured') }),
  z.object({ kind: z.literal('newest') }),
  z.object({ kind: z.literal('one'), backup: BackupId }),
  z.object({ kind: z.literal('share'), percent: z.number().positive().max(100) }),
]);
export type Which = z.output<typeof Which>;

export const ChosenBackup = z.object({
  year: z.number().int(),
  backup: BackupId,
  /** Of one copy; 0 where the manifest can't be read. */
  storedBytes: z.number(),
});
export type ChosenBackup = z.output<typeof ChosenBackup>;

/** More than seven years of a backup an hour. */
const MOST = 100_000;

/**
 * The backups to read, in the order of reading. A share takes whatever was not read for the longest time, those never
 * read first: where it stopped last time is remembered by the results that lie beside the backups. Throws
 * BACKUP_UNKNOWN (user) when there is none, unless there is something else to read, and what `listBackups` throws.
 */
export async function chooseBackups(vault: Vault, which: Which, hasOther = false): Promise<ChosenBackup[]> {
  if (which.kind === 'captured') {
    if (hasOther) return [];
    throw new DrError('BACKUP_UNKNOWN', 'user', 'Nothing was captured yet. Nothing was changed.', {
      hint: 'How capture is: /dr backups --window',
    });
  }
  const { backups } = await listBackups(vault, { limit: which.kind === 'newest' ? 1 : MOST });
  const chosen = pick(backups, which);
  if (chosen.length > 0 || (hasOther && which.kind !== 'one')) return chosen.map(chosenOf);
  throw which.kind === 'one'
    ? new DrError('BACKUP_UNKNOWN', 'user', `There is no backup "${which.backup}". Nothing was changed.`, {
        hint: 'List them: /dr backups',
      })
    : new DrError('BACKUP_UNKNOWN', 'user', 'There is no backup yet. Nothing was changed.', {
        hint: 'Take one: /dr backup mongodb',
      });
}

function pick(
  backups: readonly BackupListing[],
  which: Exclude<Which, { kind: 'captured' }>,
): readonly BackupListing[] {
  switch (which.kind) {
    case 'all':
    case 'newest':
      return backups;
    case 'one':
      return backups.filter((listing) => placeOf(listing).backup === which.backup).slice(0, 1);
    case 'share':
      return shareOf(backups, which.percent);
  }
}

function shareOf(backups: readonly BackupListing[], percent: number): BackupListing[] {
  const longestAgo = [...backups].sort((a, b) => readAtMs(a) - readAtMs(b));
  const wanted = (backups.reduce((sum, listing) => sum + bytesOf(listing), 0) * percent) / 100;
  const share: BackupListing[] = [];
  let bytes = 0;
  for (const listing of longestAgo) {
    if (share.length > 0 && bytes >= wanted) break;
    share.push(listing);
    bytes += bytesOf(listing);
  }
  return share;
}

const readAtMs = (listing: BackupListing): number =>
  listing.state === 'UNREADABLE' ? 0 : (listing.check?.at.getTime() ?? 0);

const placeOf = (listing: BackupListing): BackupPlace =>
  listing.state === 'UNREADABLE' ? listing.place : { year: listing.header.year, backup: listing.header.backup };

const bytesOf = (listing: BackupListing): number => (listing.state === 'UNREADABLE' ? 0 : listing.header.storedBytes);

const chosenOf = (listing: BackupListing): ChosenBackup => ({ ...placeOf(listing), storedBytes: bytesOf(listing) });
