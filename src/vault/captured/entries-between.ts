import { asDrError, DrError, documentsOf, type RawDocument } from '#core';
import { compareOplogTimes, type OplogTime } from '#ports';
import { earlierParts, entryTime } from '../kept-entries.ts';
import type { OpenTimeline } from './open-timeline.ts';

/**
 * The captured entries after `after` and before `before`, in order. Parts of a transaction that were written earlier and
 * have an effect only now stand directly before the entry that goes on with it, their own time older, perhaps twice: a
 * replay knows parts by their time. Throws what `OpenTimeline.segments` throws.
 */
export async function* entriesBetween(
  timeline: OpenTimeline,
  after: OplogTime,
  before: OplogTime,
): AsyncGenerator<RawDocument> {
  // earlier parts that capture put in front of an entry, until it is known whether that one counts
  let held: RawDocument[] = [];
  let seen: OplogTime | undefined;
  const entryAt = async (time: OplogTime): Promise<RawDocument> => {
    const found = await timeline.entryAt(time);
    if (found) return found;
    throw new DrError('NOT_FOUND', 'permanent', 'The timeline begins later.');
  };
  for await (const { range, entries } of timeline.segments(after, before)) {
    seen ??= range.from;
    for (const entry of documentsOf(entries)) {
      const at = entryTime(entry);
      if (compareOplogTimes(at, seen) <= 0) {
        held.push(entry);
        continue;
      }
      seen = at;
      if (compareOplogTimes(at, before) >= 0) return;
      if (compareOplogTimes(at, after) > 0) {
        yield* held;
        yield* await earlierParts(entryAt, entry, after).catch(noneIfNotCaptured);
        yield entry;
      }
      held = [];
    }
  }
}

/** Then the backup that is replayed has them, or the replay says that they are missing. */
function noneIfNotCaptured(thrown: unknown): RawDocument[] {
  if (asDrError(thrown).code === 'NOT_FOUND') return [];
  throw thrown;
}
