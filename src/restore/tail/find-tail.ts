import { documentsOf, type RawDocument } from '#core';
import { compareOplogTimes, type OplogTime, type OpTime } from '#ports';
import { entryTerm, entryTime, listTimelines, openTimeline, type Timeline, type Vault } from '#vault';

/** Where the captured history stands to a survivor's newest entry. */
export interface FoundTail {
  /** What leads on from the survivor; undefined when nothing captured reaches back to it. */
  readonly holder: Timeline | undefined;
  /** What was captured after a hole, or on a history begun anew: newer, and nothing leads there from the survivor. */
  readonly beyond: readonly Timeline[];
}

/** Pure. Of a timeline that is in parts each part stands for itself. */
export function placeSurvivor(timelines: readonly Timeline[], survivor: OplogTime): FoundTail {
  const holder = timelines.findLast(({ from }) => compareOplogTimes(from, survivor) <= 0);
  return { holder, beyond: timelines.slice(holder ? timelines.indexOf(holder) + 1 : 0) };
}

export const findTail = async (vault: Vault, survivor: OplogTime): Promise<FoundTail> =>
  placeSurvivor((await listTimelines(vault)).timelines, survivor);

/** Quiet segments have no entries; so many are looked through for one. */
const RANGES_BACK = 30;

/** The captured entries next to a survivor's newest one. */
export interface Neighbours {
  /** The newest that is not newer. */
  readonly before: OpTime | undefined;
  readonly after: OpTime | undefined;
  /** How far back was looked: what is captured between there and `before` is nothing. */
  readonly lookedFrom: OplogTime;
}

/** Throws what reading a timeline throws. */
export async function neighboursOf(vault: Vault, timeline: Timeline, survivor: OplogTime): Promise<Neighbours> {
  const { ranges } = timeline;
  const at = ranges.findIndex(({ through }) => compareOplogTimes(through, survivor) >= 0);
  const index = at < 0 ? ranges.length - 1 : at;
  const lookedFrom = ranges[Math.max(0, index - RANGES_BACK)]?.from ?? timeline.from;
  let before: OpTime | undefined;
  for await (const entry of entriesIn(vault, timeline, lookedFrom)) {
    const time = entryTime(entry);
    if (compareOplogTimes(time, survivor) > 0) return { before, after: opTimeOf(entry), lookedFrom };
    // an earlier part of a transaction may stand before what goes on with it
    if (!before || compareOplogTimes(time, before) > 0) before = opTimeOf(entry);
  }
  return { before, after: undefined, lookedFrom };
}

/** How many entries there are after that time, and the newest of them. */
export async function countAfter(
  vault: Vault,
  timelines: readonly Timeline[],
  survivor: OplogTime,
): Promise<{ readonly entries: number; readonly newest: OpTime | undefined }> {
  let entries = 0;
  let newest: OpTime | undefined;
  for (const timeline of timelines) {
    for await (const entry of entriesIn(vault, timeline, survivor)) {
      const time = entryTime(entry);
      if (compareOplogTimes(time, newest ?? survivor) <= 0) continue;
      entries += 1;
      newest = opTimeOf(entry);
    }
  }
  return { entries, newest };
}

/** Every entry of the segments that reach past `after`. */
async function* entriesIn(vault: Vault, timeline: Timeline, after: OplogTime): AsyncGenerator<RawDocument> {
  const from = compareOplogTimes(after, timeline.from) < 0 ? timeline.from : after;
  if (compareOplogTimes(from, timeline.through) >= 0) return;
  const opened = openTimeline(vault, timeline);
  try {
    for await (const { entries } of opened.segments(from, next(timeline.through))) yield* documentsOf(entries);
  } finally {
    opened.close();
  }
}

export const opTimeOf = (entry: RawDocument): OpTime => ({ term: entryTerm(entry), ...entryTime(entry) });

/** Before this one is everything through that time. */
export const next = ({ seconds, increment }: OplogTime): OplogTime => ({ seconds, increment: increment + 1 });
