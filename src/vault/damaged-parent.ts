import type { BackupId } from '#core';
import type { BackupListing } from './backup-listing.ts';
import type { BackupPlace } from './format.ts';

/**
 * The backup on which this one stands, directly or not, and which can't be restored any more; undefined where none is
 * known to be so. A parent that is not in the list counts as whole: lists are cut, and opening it tells. Pure.
 */
export function damagedParent(listing: BackupListing, backups: readonly BackupListing[]): BackupId | undefined {
  let next = parentOf(listing);
  for (let links = 0; next && links < backups.length; links += 1) {
    const place: BackupPlace = next;
    const parent = backups.find((each) => isAt(each, place));
    if (!parent) return undefined;
    if (isLost(parent)) return place.backup;
    next = parentOf(parent);
  }
  return undefined;
}

const parentOf = (listing: BackupListing): BackupPlace | undefined =>
  listing.state === 'UNREADABLE' ? undefined : (listing.header.parent ?? undefined);

function isAt(listing: BackupListing, { year, backup }: BackupPlace): boolean {
  const place = listing.state === 'UNREADABLE' ? listing.place : listing.header;
  return place.year === year && place.backup === backup;
}

const isLost = (listing: BackupListing): boolean =>
  listing.state === 'UNREADABLE' || (listing.state === 'DAMAGED' && listing.check?.restorable !== true);
