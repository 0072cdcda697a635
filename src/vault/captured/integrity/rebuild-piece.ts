import { asDrError } from '#core';
import { compareOplogTimes } from '#ports';
import { createNamedKey } from '../../data-key.ts';
import { encodePiece } from '../archive-piece.ts';
import { archiveKeyName, archivePieceOf, type StoredRange } from '../captured-range.ts';
import { type CapturedSegment, openTimeline } from '../open-timeline.ts';
import { timelinesOf } from '../timelines.ts';
import type { HourObject } from './hour-objects.ts';
import type { PatientRegions } from './patient-regions.ts';
import { lockOf, writeAgain } from './write-again.ts';

const DAY_MS = 86_400_000;

/**
 * Makes an archive's piece that no region has whole anew, from the segments it was made of: read, proved and joined as for
 * the first one, and written to every region over the damaged one, under a data key of its own. Returns whether two regions
 * have it now; false too where the segments do not lead from its beginning to its end.
 */
export async function rebuildPiece(
  regions: PatientRegions,
  object: HourObject,
  segments: readonly StoredRange[],
): Promise<boolean> {
  const { vault } = regions;
  const piece = archivePieceOf(object.key);
  const part = piece && partFor(piece, segments);
  if (!piece || !part) return false;
  const opened = openTimeline(vault, part);
  try {
    const gathered: CapturedSegment[] = [];
    for await (const segment of opened.segments(piece.from, piece.through)) {
      regions.signal.throwIfAborted();
      gathered.push(segment);
    }
    const name = `${archiveKeyName(piece.timeline, piece.hour)}${vault.random(4).toString('hex')}`;
    const lock = await lockOf(regions, object);
    const key = await createNamedKey(vault, name, lock === 'none' ? shortLock(vault.clock.now()) : lock);
    const made = encodePiece(vault, key, piece, gathered);
    key.forget();
    let taken = 0;
    for (const store of regions.stores()) if (!(await writeAgain(regions, store, object, made))) taken += 1;
    return taken >= 2;
  } catch (thrown) {
    regions.signal.throwIfAborted();
    const error = asDrError(thrown);
    if (error.kind !== 'permanent') throw error;
    return false;
  } finally {
    opened.close();
  }
}

/** A data key is never made without a lock; this one is for what no lock holds any more. */
const shortLock = (now: Date) => ({ mode: 'governance', until: new Date(now.getTime() + DAY_MS) }) as const;

/** The segments that lead from the piece's beginning to its end, as they were joined when it was made. */
function partFor(
  piece: Pick<StoredRange, 'from' | 'through' | 'token' | 'timeline'>,
  segments: readonly StoredRange[],
) {
  const within = segments.filter(
    ({ timeline, from, through }) =>
      timeline === piece.timeline &&
      compareOplogTimes(from, piece.from) >= 0 &&
      compareOplogTimes(through, piece.through) <= 0,
  );
  const [part] = timelinesOf(within);
  const isSame =
    part?.ranges.at(-1)?.token === piece.token &&
    compareOplogTimes(part.from, piece.from) === 0 &&
    compareOplogTimes(part.through, piece.through) === 0;
  return isSame ? part : undefined;
}
