/**
 * The vault: encrypted, verified backups in buckets of several regions. The format is docs/vault-format.md.
 * Segments are written first, their manifest last: a backup exists once its manifest does.
 */
export { type BackupList, type BackupListing, committedHeader, findBackup, listBackups } from './backup-catalog.ts';
export { BackupCheck, Damage } from './backup-check.ts';
export { type Block, blocksOf } from './blocks.ts';
export { CollectionHash } from './collection-hash.ts';
export { commitManifest, spreadManifest } from './commit-manifest.ts';
export { createDataKey, type DataKey } from './data-key.ts';
export { DocumentBlocks } from './document-blocks.ts';
export { type BackupPlace, FORMAT, FORMAT_VERSION } from './format.ts';
export { inParallel } from './in-parallel.ts';
export {
  bsonOf,
  bsonText,
  CollectionRecord,
  type DocumentsSegment,
  type Manifest,
  ManifestBody,
  ManifestHeader,
  type OplogSegment,
  SegmentRecord,
  ViewRecord,
} from './manifest.ts';
export { manifestKey } from './object-keys.ts';
export { type OpenBackup, openBackup } from './open-backup.ts';
export { OplogEntries } from './oplog-entries.ts';
export { replicate } from './replicate.ts';
export { Databases, inScope, OURS, TRANSACTIONS } from './scope.ts';
export { inlineSealer, type Sealer, threadedSealer } from './sealer.ts';
export { openSegmentSink, type SegmentSink } from './segment-sink.ts';
export type { Tally } from './tally.ts';
export { openVault, type Vault } from './vault.ts';
export { verifyBackup } from './verify-backup.ts';
