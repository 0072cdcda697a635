/**
 * The vault: encrypted, verified backups in buckets of several regions. The format is docs/vault-format.md.
 * Segments are written first, their manifest last: a backup exists once its manifest does.
 */
export { committedHeader, findBackup, listBackups } from './backup-catalog.ts';
export { type BackupChain, openChain } from './backup-chain.ts';
export { BackupCheck, Damage, HealedCopy, keepCheck } from './backup-check.ts';
export { type BackupList, type BackupListing, placeOfListing } from './backup-listing.ts';
export { type Block, blocksOf } from './blocks.ts';
export { archiveHours } from './captured/archive-hours.ts';
export { beginningOf } from './captured/beginnings.ts';
export {
  type CapturedHeader,
  decodeCapturedHeader,
  encodeCaptured,
  TimelineBeginning,
} from './captured/captured-file.ts';
export {
  type CapturedRange,
  hourKeyName,
  hourOf,
  rangeKey,
  rangeOf,
  type StoredRange,
} from './captured/captured-range.ts';
export { commitCaptured, spreadHour } from './captured/commit-captured.ts';
export { entriesBetween } from './captured/entries-between.ts';
export { type CapturedHour, hoursOf, hoursOfHoles, leavingHours, lostAtEnd, nameOfHour } from './captured/hours.ts';
export { type PatientRegions, patientRegions } from './captured/integrity/patient-regions.ts';
export { type HourCheck, verifyHour } from './captured/integrity/verify-hour.ts';
export { Lost, LostWhy, lostByName, mergeLost, withoutLost } from './captured/lost.ts';
export { type OpenTimeline, openTimeline } from './captured/open-timeline.ts';
export {
  type ReachedSecond,
  type RestorableWindow,
  reachNewest,
  reachSecond,
  restorableWindows,
} from './captured/restorable.ts';
export { listTimelines, type Timeline, type TimelineList, timelinesOf } from './captured/timelines.ts';
export { compareCatalog } from './catalog/compare-catalog.ts';
export { CatalogState, Comparison, mendedBy } from './catalog/comparison.ts';
export { noteBackup } from './catalog/note-backup.ts';
export { MOST_ENTRIES, openCatalog } from './catalog/record.ts';
export { remembered } from './catalog/remembered.ts';
export { type ShownBackups, shownBackups } from './catalog/shown-backups.ts';
export { type InterruptedAttempt, openInterrupted, writeCheckpoint } from './checkpoints.ts';
export { chooseBackup } from './choose-backup.ts';
export { type ColdSegment, coldSegments, thawSegments } from './cold-segments.ts';
export { CollectionHash } from './collection-hash.ts';
export { commitManifest, spreadManifest } from './commit-manifest.ts';
export { damagedParent } from './damaged-parent.ts';
export { createDataKey, createNamedKey, type DataKey } from './data-key.ts';
export { DocumentBlocks } from './document-blocks.ts';
export { type BackupPlace, FORMAT, FORMAT_VERSION, NONCE_BYTES } from './format.ts';
export { healBackup } from './heal-backup.ts';
export { healBackupKeys } from './heal-backup-keys.ts';
export { Hold, heldSomewhere, readHolds, removeHold, writeHold } from './holds.ts';
export { inParallel } from './in-parallel.ts';
export { jsonIn } from './json-in.ts';
export { KEPT, keptFolder } from './kept/kept-format.ts';
export { hasKept, type Kept, listKept, readKept } from './kept/read-kept.ts';
export { signWithVault, verifyWithVault } from './kept/signing-key.ts';
export { type KeptWriting, writeKept } from './kept/write-kept.ts';
export { earlierParts, entryTerm, entryTime, isKept, swappedIn } from './kept-entries.ts';
export { decodeKeyFile } from './key-file.ts';
export { KeyLack, type KeyStanding, standingOf } from './key-standing.ts';
export { type KeyList, type KeyListing, KeyUse, listKeys, newestGeneration, sayKeyUse } from './list-keys.ts';
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
export {
  attemptPrefix,
  checkPrefix,
  keyGenerationKey,
  keyPrefix,
  MARKS,
  manifestKey,
  placeOf,
  SEGMENT_OBJECTS,
  segmentIn,
} from './object-keys.ts';
export { type OpenBackup, openBackup, openManifest } from './open-backup.ts';
export { type OpenedKey, openKey } from './opened-key.ts';
export { OplogEntries } from './oplog-entries.ts';
export { type Owner, ownerOf } from './owner-of-key.ts';
export { proveKeyService } from './prove-key-service.ts';
export {
  marksWrittenAt,
  PruneMark,
  PruneMarks,
  readMarks,
  refuseLeaving,
  tidyMarks,
  toldClass,
  writeMarks,
} from './prune-marks.ts';
export { reachableVault } from './reachable.ts';
export { replicate } from './replicate.ts';
export { type Rewrapped, rewrapKey } from './rewrap-key.ts';
export { BUCKETS, Databases, inScope, OURS, TRANSACTIONS } from './scope.ts';
export { inlineSealer, type Sealer, threadedSealer } from './sealer.ts';
export { openSegmentSink, type SegmentSink, type StoredSegment } from './segment-sink.ts';
export type { Tally } from './tally.ts';
export { isUnavailable, openVault, type Vault } from './vault.ts';
export { verifyBackup } from './verify-backup.ts';
