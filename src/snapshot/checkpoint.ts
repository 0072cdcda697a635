import { z } from 'zod';
import { OplogTime } from '#ports';
import { Databases, SegmentRecord } from '#vault';

const Count = z.number().int().nonnegative();

const Bytes = z.codec(z.base64(), z.instanceof(Buffer), {
  decode: (text) => Buffer.from(text, 'base64'),
  encode: (bytes) => bytes.toString('base64'),
});

const Words = z.codec(
  z.array(Count),
  z.custom<Uint32Array>((value) => value instanceof Uint32Array),
  {
    decode: (numbers) => Uint32Array.from(numbers),
    encode: (words) => [...words],
  },
);

const Collection = z.object({
  uuid: z.string(),
  database: z.string(),
  name: z.string(),
  kind: z.enum(['collection', 'timeseries-buckets']),
  options: Bytes,
  indexes: z.array(Bytes).readonly(),
  estimate: z.object({ documents: z.number(), bytes: z.number() }),
});

/** What was settled when the reading began. */
export const Begun = z.object({
  startedAt: z.iso.datetime(),
  wanted: Databases,
  lock: z.object({ mode: z.enum(['governance', 'compliance']), days: z.number() }),
  start: OplogTime,
  /** Nothing that was seen of the catalog is newer: where this is no entry of the oplog, another history went on. */
  seen: OplogTime,
  scope: z.object({
    databases: z.array(z.string()).readonly(),
    collections: z.array(Collection).readonly(),
    views: z.array(z.object({ database: z.string(), name: z.string(), definition: Bytes })).readonly(),
  }),
});
export type Begun = z.output<typeof Begun>;

const Range = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({
    kind: z.literal('ids'),
    from: z.union([z.literal('first'), Bytes]),
    to: z.union([z.literal('last'), Bytes]),
  }),
]);

const RangeKept = z.object({
  range: Range,
  kept: z.union([z.enum(['nothing', 'unknown', 'all']), z.object({ behind: Bytes })]),
});

/** Where a collection of the scope, known by its place there, stands. */
const ReadingKept = z.object({
  collection: Count,
  number: Count,
  reads: Count,
  ranges: z.array(RangeKept),
});

const SegmentKept = z.object({
  record: SegmentRecord,
  /** The hash of each collection in it, as `contents` lists them. */
  words: z.array(Words),
});

/**
 * How far a try at a full backup has come. Each checkpoint has the segments since the one before, and where every
 * collection stands; the first says how it began.
 */
export const Checkpoint = z.object({
  begun: Begun.optional(),
  /** Whose positions in storage order these are. */
  readFrom: z.object({ member: z.string(), rollbackId: z.number().int() }),
  /** All entries of the oplog through here are in the segments. */
  reached: OplogTime,
  nextNumber: Count,
  readings: z.array(ReadingKept),
  segments: z.array(SegmentKept),
});
export type Checkpoint = z.output<typeof Checkpoint>;
