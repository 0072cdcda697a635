import { asDrError, DrError, sha256 } from '#core';
import { compareOplogTimes, type ObjectLock } from '#ports';
import { createNamedKey, type DataKey } from '../data-key.ts';
import { FORMAT, FORMAT_VERSION, NONCE_BYTES } from '../format.ts';
import type { Vault } from '../vault.ts';
import { encodeCaptured } from './captured-file.ts';
import { type ArchivePiece, archiveKey, archiveKeyName, hourOf, type StoredRange } from './captured-range.ts';
import { type CapturedSegment, openTimeline } from './open-timeline.ts';
import { listTimelines, type Timeline } from './timelines.ts';

export interface ArchiveOptions {
  readonly vault: Vault;
  readonly lock: ObjectLock;
  /** An archive counts once so many regions have given it back whole. */
  readonly durableRegions: number;
  readonly signal: AbortSignal;
}

/** A piece holds so much before compression; a reader holds two at once. */
const PIECE_BYTES = 32 * 1024 * 1024;

/**
 * Makes the segments of finished hours into archives: some thousand small objects into a few, read and proved on the way,
 * and read back in every region that took them. Segments stay where they are. Idempotent: an hour that is archived is
 * passed over, and two who do it at once end with one archive. Returns the hours that were archived. Throws what reading
 * a timeline throws, and BACKUP_INCOMPLETE (transient) when too few regions take a piece.
 */
export async function archiveHours(options: ArchiveOptions): Promise<string[]> {
  const { timelines, unreachable } = await listTimelines(options.vault);
  // a region that is out of reach may have more of an hour than the others: an hour is archived whole or not yet
  if (unreachable.length > 0) return [];
  const done: string[] = [];
  for (const timeline of timelines) {
    const isOver = timeline !== timelines.at(-1);
    for (const [hour, ranges] of finishedHours(timeline, isOver)) {
      options.signal.throwIfAborted();
      await archiveHour(options, timeline, hour, ranges);
      done.push(hour);
    }
  }
  return done;
}

/** Hours of which only segments are there and to which nothing is added any more. */
function finishedHours({ ranges, through }: Timeline, isOver: boolean): Map<string, StoredRange[]> {
  const byHour = Map.groupBy(
    ranges.filter(({ kind }) => kind === 'segment'),
    (range) => hourOf(range.through),
  );
  if (!isOver) byHour.delete(hourOf(through));
  return byHour;
}

async function archiveHour(
  options: ArchiveOptions,
  timeline: Timeline,
  hour: string,
  ranges: readonly StoredRange[],
): Promise<void> {
  const { vault, lock } = options;
  const [first] = ranges;
  const last = ranges.at(-1);
  if (!first || !last) return;
  const opened = openTimeline(vault, timeline);
  // a name of its own for each try: what a killed one left opens nothing and is in nobody's way
  const attempt = vault.random(4).toString('hex');
  const key = await createNamedKey(vault, `${archiveKeyName(timeline.number, hour)}${attempt}`, lock);
  try {
    let gathered: CapturedSegment[] = [];
    let bytes = 0;
    const after = { ...last.through, increment: last.through.increment + 1 };
    for await (const segment of opened.segments(first.from, after)) {
      gathered.push(segment);
      bytes += segment.entries.length;
      const isLast = compareOplogTimes(segment.range.through, last.through) === 0;
      if (bytes < PIECE_BYTES && !isLast) continue;
      await writePiece(options, key, { timeline: timeline.number, hour, isLast }, gathered);
      gathered = [];
      bytes = 0;
    }
  } finally {
    opened.close();
    key.forget();
  }
}

async function writePiece(
  options: ArchiveOptions,
  key: DataKey,
  of: Pick<ArchivePiece, 'timeline' | 'hour' | 'isLast'>,
  segments: readonly CapturedSegment[],
): Promise<void> {
  const [first] = segments;
  const last = segments.at(-1);
  if (!first || !last) throw new DrError('UNEXPECTED', 'bug', 'An archive of nothing.');
  const piece: ArchivePiece = {
    ...of,
    from: first.range.from,
    through: last.range.through,
    token: last.range.token,
  };
  const { vault } = options;
  const entries = Buffer.concat(segments.map((segment) => segment.entries));
  const { begins } = first.header;
  const header = {
    format: FORMAT,
    version: FORMAT_VERSION,
    timeline: piece.timeline,
    token: piece.token,
    key: key.name,
    from: piece.from,
    through: piece.through,
    entries: segments.reduce((sum, segment) => sum + segment.header.entries, 0),
    plainBytes: entries.length,
    previous: first.header.previous,
    last: last.hash,
    ...(begins ? { begins } : {}),
  } as const;
  await spread(options, archiveKey(piece), encodeCaptured(header, entries, key.bytes, vault.random(NONCE_BYTES)));
}

/** To every region, each copy read back; where somebody was faster, their piece is what the others get too. */
async function spread({ vault, lock, durableRegions }: ArchiveOptions, key: string, made: Buffer): Promise<void> {
  let object = made;
  const problems: DrError[] = [];
  let taken = 0;
  for (const store of vault.stores) {
    try {
      const hash = sha256(object);
      await store.put(key, object, { lock, ifAbsent: true, sha256: hash }).catch(async (thrown: unknown) => {
        if (asDrError(thrown).code !== 'TARGET_EXISTS') throw thrown;
        // the first region's is the one that counts
        if (taken === 0) object = await store.get(key);
      });
      if (sha256(await store.get(key)) !== sha256(object)) throw otherBytes(store.region);
      taken += 1;
    } catch (error) {
      problems.push(asDrError(error));
    }
  }
  if (taken >= durableRegions) return;
  throw new DrError('BACKUP_INCOMPLETE', 'transient', `${taken} of ${durableRegions} regions took an archive.`, {
    cause: problems[0],
  });
}

const otherBytes = (region: string): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', `${region} gave back another archive than was written.`);
