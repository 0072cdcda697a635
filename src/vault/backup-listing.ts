import type { DrError, Region } from '#core';
import type { Unreachable } from './ask-every-region.ts';
import type { BackupCheck } from './backup-check.ts';
import type { BackupPlace } from './format.ts';
import type { ManifestHeader } from './manifest.ts';

/** A backup as a list shows it. The header is not authenticated here; opening the backup does that. */
export type BackupListing =
  | {
      readonly state: 'NOT YET VERIFIED' | 'VERIFIED' | 'DAMAGED';
      readonly header: ManifestHeader;
      /** The regions whose bucket has the manifest, of those that answered. */
      readonly regions: readonly Region[];
      readonly check: BackupCheck | undefined;
    }
  /** The manifest is there but can't be read in any region that answered. */
  | {
      readonly state: 'UNREADABLE';
      readonly place: BackupPlace;
      readonly regions: readonly Region[];
      readonly problem: DrError;
    };

export interface BackupList {
  readonly backups: readonly BackupListing[];
  /** Regions that did not answer: a backup may have more copies than are shown. */
  readonly unreachable: readonly Unreachable[];
}

/** Where the backup of a listing is. */
export const placeOfListing = (listing: BackupListing): BackupPlace =>
  listing.state === 'UNREADABLE' ? listing.place : { year: listing.header.year, backup: listing.header.backup };
