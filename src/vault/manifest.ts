import { z } from 'zod';
import { BackupId, Region, Sha256 } from '#core';
import { OplogTime } from '#ports';
import { FORMAT, FORMAT_VERSION } from './format.ts';
import { Databases } from './scope.ts';

const Count = z.number().int().nonnegative();

const Hash = z.string().regex(/^[0-9a-f]{32}$/);

/** BSON bytes in JSON. Validators, filters and keys of indexes lose meaning as JSON: 1 and 1.0 differ. */
const Bson = z.base64();

/**
 * One collection as it was found at the start; the captured oplog says what became of it until the end. `number` is
 * how segments refer to it; documents under a number that no record has were read in vain and do not count.
 */
export const CollectionRecord = z.object({
  number: Count,
  uuid: z.string(),
  database: z.string(),
  name: z.string(),
  kind: z.enum(['collection', 'timeseries-buckets']),
  options: Bson,
  indexes: z.array(Bson),
  documents: Count,
  bytes: Count,
  /** Of the documents as read (see collection-hash.ts), before the replay to the window's end. */
  hash: Hash,
  /**
   * Only what changed since the parent was read; left out where the collection was read whole. Its documents stand in the
   * place of the parent's with the same `_id`; under this number are those that are no more, as documents of an `_id`.
   */
  gone: z.object({ number: Count, documents: Count, hash: Hash }).optional(),
});
export type CollectionRecord = z.output<typeof CollectionRecord>;

export const ViewRecord = z.object({ database: z.string(), name: z.string(), definition: Bson });
export type ViewRecord = z.output<typeof ViewRecord>;

const SegmentCommon = {
  index: Count,
  key: z.string(),
  plainBytes: Count,
  storedBytes: Count,
  /** Of the whole object, as stored. */
  sha256: Sha256,
  /** The version of each region's copy that was read back and found equal. */
  copies: z.record(z.string(), z.string()),
};

export const DocumentsSegment = z.object({
  ...SegmentCommon,
  kind: z.literal('documents'),
  contents: z.array(z.object({ collection: Count, documents: Count, bytes: Count })),
});
export type DocumentsSegment = z.output<typeof DocumentsSegment>;

export const OplogSegment = z.object({
  ...SegmentCommon,
  kind: z.literal('oplog'),
  entries: Count,
  first: OplogTime,
  last: OplogTime,
});
export type OplogSegment = z.output<typeof OplogSegment>;

export const SegmentRecord = z.discriminatedUnion('kind', [DocumentsSegment, OplogSegment]);
export type SegmentRecord = z.output<typeof SegmentRecord>;

/** What anyone who may list the bucket can read: enough to choose a backup, nothing of what is in it. */
export const ManifestHeader = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  backup: BackupId,
  year: z.number().int(),
  kind: z.enum(['full', 'incremental']),
  /** What an incremental can't be restored without; null for a full. */
  parent: z.object({ year: z.number().int(), backup: BackupId }).nullable(),
  /** Names the data key's wraps, `keys/<key>/`. */
  key: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** `start`: where the captured oplog begins. `end`: the earliest time the backup can be restored to. */
  window: z.object({ start: OplogTime, end: OplogTime }),
  /** Of these three an incremental counts what it has itself. */
  collections: Count,
  documents: Count,
  bytes: Count,
  /** About what an incremental restores together with all it stands on, by the server's own figures. */
  restores: z.object({ documents: Count, bytes: Count }).optional(),
  storedBytes: Count,
  /** Where every segment was read back and found equal before the manifest was written; the first is where it began. */
  regions: z.array(Region).min(1),
  lock: z.object({ mode: z.enum(['governance', 'compliance']), until: z.iso.datetime() }),
  planHash: Sha256,
  /**
   * The servers it was read from: their version, up to which release's features they stored data, and the id of their
   * replica set. Left out by what was written before this was kept; the last two where Holdfast's user may not ask.
   */
  source: z
    .object({ version: z.string(), featureVersion: z.string().optional(), setId: z.string().optional() })
    .optional(),
});
export type ManifestHeader = z.output<typeof ManifestHeader>;

export const ManifestBody = z.object({
  member: z.string(),
  rollbackId: z.number().int(),
  scope: Databases,
  /** Those of the scope that existed when the backup began. */
  databases: z.array(z.string()),
  collections: z.array(CollectionRecord),
  views: z.array(ViewRecord),
  segments: z.array(SegmentRecord),
});
export type ManifestBody = z.output<typeof ManifestBody>;

/** A backup. It exists once its manifest does. */
export interface Manifest {
  readonly header: ManifestHeader;
  readonly body: ManifestBody;
}

export const bsonOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
export const bsonText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
