import type { BackupId, RequestId } from '#core';
import type { BackupPlace } from '#vault';
import type { ManifestFacts } from './manifest-facts.ts';

/** One key of the vault, over all its versions and regions. */
export interface StoredKey {
  readonly key: string;
  /** How many versions have content, in all regions; 0 where only delete markers are left. */
  readonly objects: number;
  /** Of all versions in all regions. */
  readonly bytes: number;
  /** The newest version's, by the buckets' clocks. */
  readonly writtenAt: Date;
}

/** A backup whose manifest was opened and is authentic. */
export interface KnownBackup extends Omit<ManifestFacts, 'regions'> {
  readonly place: BackupPlace;
  /** Why it may not be restorable; a doubtful backup stays, but nothing else goes on the strength of it. */
  readonly doubt: string | undefined;
}

/** A manifest that is there and tells nothing: damaged or hidden in every region. */
export interface UnknownBackup {
  readonly place: BackupPlace;
  readonly why: string;
}

/** All that is in the vault, as it was listed. */
export interface Inventory {
  readonly keys: ReadonlyMap<string, StoredKey>;
  readonly backups: readonly KnownBackup[];
  readonly unknown: readonly UnknownBackup[];
  /** Backups whose deletion had begun and did not end: they are none any more, whatever is left of them. */
  readonly leaving: readonly { readonly place: BackupPlace; readonly attempt: string }[];
}

/** A legal hold: kept until somebody lets go. */
export interface Held {
  readonly place: BackupPlace;
  readonly reason: string;
}

/** A backup that a run works with. The run knows its id and not its year. */
export interface InUse {
  readonly backup: BackupId;
  readonly run: RequestId;
  readonly what: string;
}

export const placeName = ({ year, backup }: BackupPlace): string => `${year}/${backup}`;

export const endOf = ({ end }: Pick<KnownBackup, 'end'>): Date => new Date(end.seconds * 1000);
