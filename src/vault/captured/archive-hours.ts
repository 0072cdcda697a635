import { asDrError, DrError, sha256 } from '#core';
import { compareOplogTimes, type ObjectLock } from '#ports';
import { createNamedKey, type DataKey } from '../data-key.ts';
import type { Vault } from '../vault.ts';
import { encodePiece, pieceOf } from './archive-piece.ts';
import { archiveKey, archiveKeyName, hourOf, type StoredRange } from './captured-range.ts';
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
 * passed over, and two who do it at once end with one archive. Of an hour that lost something, what is left is archived;
 * one that can't be read does not keep the others. Returns the hours that were archived. Throws, once the others are done,
 * what reading a timeline throws, and BACKUP_INCOMPLETE (transient) when too few regions take a piece.
 */
export async function archiveHours(options: ArchiveOptions): Promise<string[]> {
  const { timelines, unreachable } = await listTimelines(options.vault);
  // a region that is out of reach may have more of an hour than the others: an hour is archived whole or not yet
  if (unreachable.length > 0) return [];
  const done: string[] = [];
  const failures: unknown[] = [];
  for (const { timeline, hour, runs } of finishedHours(timelines)) {
    options.signal.throwIfAborted();
    try {
      await archiveHour(options, timeline, hour, runs);
      done.push(hour);
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
  return done;
}

/** Segments that follow one another, and the part of the timeline in which they do. */
interface Run {
  readonly part: Timeline;
  readonly ranges: StoredRange[];
}

interface FinishedHour {
  readonly timeline: number;
  readonly hour: string;
  /** In order; more than one where something between them is archived already, or lost. */
  readonly runs: readonly Run[];
}

/** Hours of which segments are not archived and to which nothing is added any more. */
function finishedHours(timelines: readonly Timeline[]): FinishedHour[] {
  const newest = timelines.at(-1);
  const found = new Map<string, { timeline: number; hour: string; runs: Run[] }>();
  for (const part of timelines) {
    let run: Run | undefined;
    for (const range of part.ranges) {
      const hour = hourOf(range.through);
      const isOpen = newest?.number === part.number && hour === hourOf(newest.through);
      if (range.kind === 'archive' || isOpen) {
        run = undefined;
        continue;
      }
      const name = `${part.number} ${hour}`;
      const known = found.get(name) ?? { timeline: part.number, hour, runs: [] };
      found.set(name, known);
      if (!run || !known.runs.includes(run)) {
        run = { part, ranges: [] };
        known.runs.push(run);
      }
      run.ranges.push(range);
    }
  }
  return [...found.values()];
}

async function archiveHour(
  options: ArchiveOptions,
  timeline: number,
  hour: string,
  runs: readonly Run[],
): Promise<void> {
  const { vault, lock } = options;
  // a name of its own for each try: what a killed one left opens nothing and is in nobody's way
  const attempt = vault.random(4).toString('hex');
  const key = await createNamedKey(vault, `${archiveKeyName(timeline, hour)}${attempt}`, lock);
  try {
    for (const run of runs) await archiveRun(options, key, { timeline, hour, isLastRun: run === runs.at(-1) }, run);
  } finally {
    key.forget();
  }
}

async function archiveRun(
  options: ArchiveOptions,
  key: DataKey,
  { timeline, hour, isLastRun }: { timeline: number; hour: string; isLastRun: boolean },
  { part, ranges }: Run,
): Promise<void> {
  const { vault } = options;
  const [first] = ranges;
  const last = ranges.at(-1);
  if (!first || !last) return;
  const opened = openTimeline(vault, { ...part, ranges });
  try {
    let gathered: CapturedSegment[] = [];
    let bytes = 0;
    for await (const segment of opened.segments(first.from, last.through)) {
      gathered.push(segment);
      bytes += segment.entries.length;
      const isEnd = compareOplogTimes(segment.range.through, last.through) === 0;
      if (bytes < PIECE_BYTES && !isEnd) continue;
      const piece = pieceOf({ timeline, hour, isLast: isEnd && isLastRun }, gathered);
      await spread(options, archiveKey(piece), encodePiece(vault, key, piece, gathered));
      gathered = [];
      bytes = 0;
    }
  } finally {
    opened.close();
  }
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
