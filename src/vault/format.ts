import type { BackupId } from '#core';
/** Names and numbers of the vault's format, version 1. The format itself is described in docs/vault-format.md. */
export const FORMAT = 'holdfast-vault';
export const FORMAT_VERSION = 1;

export const SEGMENT_MAGIC = Buffer.from('HFS1', 'latin1');
export const MANIFEST_MAGIC = Buffer.from('HFM1', 'latin1');

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
export const DATA_KEY_BYTES = 32;

/** The most a segment may hold before compression. A reader may refuse more. */
export const MAX_PLAIN_BYTES = 64 * 1024 * 1024;

/** `documents`: blocks of a collection's documents. `oplog`: entries one after the other. */
export type SegmentKind = 'documents' | 'oplog';

/** Where a backup lives: its id alone repeats every year, and backups are kept for seven. */
export interface BackupPlace {
  readonly year: number;
  readonly backup: BackupId;
}

/** What a checkpoint's encryption is bound to: one of another try, or an older one, does not decrypt in its place. */
export const checkpointContext = (place: BackupPlace, attempt: string, number: number): Buffer =>
  Buffer.from(`${FORMAT}/${FORMAT_VERSION}|${place.year}/${place.backup}|checkpoint|${attempt}|${number}`, 'latin1');

/** What a segment's encryption is bound to: another backup's, kind's or index's bytes do not decrypt in its place. */
export const segmentContext = (place: BackupPlace, kind: SegmentKind, index: number): Buffer =>
  Buffer.from(`${FORMAT}/${FORMAT_VERSION}|${place.year}/${place.backup}|${kind}|${index}`, 'latin1');
