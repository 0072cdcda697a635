import { asDrError, canonicalJson } from '#core';
import { listBackups, readBackups, readListing } from './backup-catalog.ts';
import { type BackupListing, placeOfListing } from './backup-listing.ts';
import { noteBackup } from './catalog/note-backup.ts';
import type { Vault } from './vault.ts';

/**
 * Has a backup chosen from the newest `limit`, for something that must not go wrong: what was chosen is read in the
 * buckets before it counts. Where it is not as it was remembered, that is put right, everything is read, and the choice
 * made anew. `choose` says which listing its choice rests on, none where nothing was chosen. Throws what `choose` and
 * `listBackups` throw.
 */
export async function chooseBackup<T extends { readonly rests: BackupListing | undefined }>(
  vault: Vault,
  limit: number,
  choose: (backups: readonly BackupListing[]) => T | Promise<T>,
): Promise<T> {
  const { backups } = await listBackups(vault, { limit });
  const chosen = await choose(backups);
  if (!vault.catalog || !chosen.rests || (await isTrue(vault, chosen.rests))) return chosen;
  await noteBackup(vault, placeOfListing(chosen.rests));
  return choose((await readBackups(vault, { limit })).backups);
}

async function isTrue(vault: Vault, listing: BackupListing): Promise<boolean> {
  try {
    const now = await readListing(vault, placeOfListing(listing));
    return asText(now) === asText(listing);
  } catch (thrown) {
    if (asDrError(thrown).code === 'BACKUP_UNKNOWN') return false;
    throw thrown;
  }
}

/** What choices rest on. */
function asText(listing: BackupListing): string {
  if (listing.state === 'UNREADABLE') return listing.state;
  const { state, header, check } = listing;
  return canonicalJson({ state, header, at: check?.at, restorable: check?.restorable });
}
