import { asDrError, sha256 } from '#core';
import type { OplogSource, OplogTime } from '#ports';
import { entryTerm, listTimelines, type TimelineBeginning } from '#vault';
import { type CapturePosition, readCaptureState } from './capture-state.ts';
import type { CaptureWorld } from './capture-world.ts';

/**
 * Where to go on: at the position that was written down, else at the end of what the buckets have, else at the newest
 * backup's end if the oplog still has it (so that every second since can be restored to), else now.
 */
export async function findBeginning(world: CaptureWorld, source: OplogSource): Promise<CapturePosition> {
  const state = await readCaptureState(world.store);
  if (state) return state.position;
  const last = (await listTimelines(world.vault)).timelines.at(-1);
  const range = last?.ranges.at(-1);
  if (last && range) {
    // the control store was lost; the term is not known then, so the time alone must fit
    const previous = sha256(await firstCopy(world, range.key));
    return { timeline: last.number, through: last.through, term: UNKNOWN_TERM, previous };
  }
  return beginTimeline(world, source, 1, { reason: 'first' });
}

/** A term that is compared with none. */
export const UNKNOWN_TERM = -1;

/** A new timeline, from the newest backup's end if the oplog has it and `begins` allows, else from now. */
export async function beginTimeline(
  world: CaptureWorld,
  source: OplogSource,
  number: number,
  begins: TimelineBeginning,
): Promise<CapturePosition> {
  const backupEnd = begins.reason === 'first' ? await world.newestBackupEnd() : undefined;
  const from = (backupEnd && (await termAt(source, backupEnd))) ?? (await newest(source));
  return { timeline: number, through: from.time, term: from.term, previous: null, begins };
}

interface Point {
  readonly time: OplogTime;
  readonly term: number;
}

async function termAt(source: OplogSource, time: OplogTime): Promise<Point | undefined> {
  try {
    return { time, term: entryTerm(await source.entryAt(time)) };
  } catch (error) {
    if (asDrError(error).code === 'SOURCE_CHANGED') return undefined;
    throw error;
  }
}

async function newest(source: OplogSource): Promise<Point> {
  const time = await source.majorityTime();
  return { time, term: (await termAt(source, time))?.term ?? UNKNOWN_TERM };
}

async function firstCopy(world: CaptureWorld, key: string): Promise<Buffer> {
  let failure: unknown;
  for (const store of world.vault.stores) {
    try {
      return await store.get(key);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
