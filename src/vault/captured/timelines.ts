import { compareOplogTimes, formatOplogTime, type ObjectStore, type OplogTime } from '#ports';
import { askEveryRegion, type Unreachable } from '../ask-every-region.ts';
import type { Vault } from '../vault.ts';
import {
  ARCHIVES,
  archivePieceOf,
  hourPrefix,
  hoursBetween,
  rangeOf,
  SEGMENTS,
  type StoredRange,
} from './captured-range.ts';

/**
 * An unbroken history: every majority-committed entry of the scope after `from`, through `through`. A timeline that lost
 * something in every region is listed as its parts, under one number.
 */
export interface Timeline {
  readonly number: number;
  readonly from: OplogTime;
  readonly through: OplogTime;
  /** In order; each begins where the one before ends. */
  readonly ranges: readonly StoredRange[];
}

export interface TimelineList {
  /** Ascending. */
  readonly timelines: readonly Timeline[];
  /** Regions that did not answer: a range that only they have is missing here. */
  readonly unreachable: readonly Unreachable[];
}

/**
 * The timelines there are, from the names in the buckets alone: nothing is opened, so their bytes are proved when they
 * are read. Any region that answers is enough. Throws OBJECT_STORE_UNAVAILABLE (transient) or OBJECT_STORE_REFUSED
 * (permanent) when none does.
 */
export async function listTimelines(vault: Vault): Promise<TimelineList> {
  const { answers, unreachable } = await askEveryRegion(vault, (store) => rangesIn(store, new Set()));
  const first = answers.flatMap(({ answer }) => answer);
  const timelines = timelinesOf(merged(first));
  const torn = new Set(
    holesIn(timelines).flatMap(({ timeline, from, through }) =>
      hoursBetween(from, through).map((hour) => hourPrefix(SEGMENTS, timeline, hour)),
    ),
  );
  if (torn.size === 0) return { timelines, unreachable };
  // Lists are not of one moment: what came meanwhile is no hole. And where an archive has one, its segments may not.
  const again = await askEveryRegion(vault, (store) => rangesIn(store, torn));
  const both = [...first, ...again.answers.flatMap(({ answer }) => answer)];
  return { timelines: timelinesOf(merged(both)), unreachable: again.unreachable };
}

function merged(ranges: readonly StoredRange[]): StoredRange[] {
  const found = new Map<string, StoredRange>();
  for (const range of ranges) {
    const known = found.get(range.key);
    found.set(range.key, known ? { ...known, regions: [...new Set([...known.regions, ...range.regions])] } : range);
  }
  return [...found.values()];
}

/**
 * One region's archives, and the segments of the hours that are not archived yet: of those there are thousands. Of hours
 * in `torn` the segments too.
 */
async function rangesIn(store: ObjectStore, torn: ReadonlySet<string>): Promise<StoredRange[]> {
  const regions = [store.region];
  const ranges: StoredRange[] = [];
  const archived = new Set<string>();
  for await (const { key } of store.list(ARCHIVES)) {
    const piece = archivePieceOf(key);
    if (!piece) continue;
    ranges.push({ ...piece, kind: 'archive', key, regions });
    if (piece.isLast) archived.add(hourPrefix(SEGMENTS, piece.timeline, piece.hour));
  }
  for (const timeline of await store.folders(SEGMENTS)) {
    for (const hour of await store.folders(`${SEGMENTS}${timeline}/`)) {
      const prefix = `${SEGMENTS}${timeline}/${hour}/`;
      if (archived.has(prefix) && !torn.has(prefix)) continue;
      for await (const { key } of store.list(prefix)) {
        const range = rangeOf(key);
        if (range) ranges.push({ ...range, kind: 'segment', key, regions });
      }
    }
  }
  return ranges;
}

/** What lies between the parts of one timeline: nothing in any region that answered leads over it. */
export function holesIn(
  timelines: readonly Timeline[],
): { readonly timeline: number; readonly from: OplogTime; readonly through: OplogTime }[] {
  return timelines.flatMap(({ number, through }, index) => {
    const next = timelines[index + 1];
    return next?.number === number ? [{ timeline: number, from: through, through: next.from }] : [];
  });
}

/**
 * Joins ranges to timelines. From where a range ends goes on the one that begins there; of several segments, that of the
 * later lease: whoever lost the lease may have written on for a moment. A range that nothing leads to belongs to nothing,
 * unless it comes after everything that was joined: then what led to it is lost, and the timeline goes on behind a hole.
 */
export function timelinesOf(ranges: readonly StoredRange[]): Timeline[] {
  const byNumber = Map.groupBy(ranges, ({ timeline }) => timeline);
  return [...byNumber].sort(([a], [b]) => a - b).flatMap(([number, mine]) => partsOf(number, mine));
}

function partsOf(number: number, ranges: readonly StoredRange[]): Timeline[] {
  const parts: Timeline[] = [];
  let rest = ranges;
  for (;;) {
    const joined = join(rest);
    const [first] = joined;
    const last = joined.at(-1);
    if (!first || !last) return parts;
    parts.push({ number, from: first.from, through: last.through, ranges: joined });
    // what an earlier lease wrote past the end is no part of it, as ever
    rest = rest.filter(({ from, token }) => compareOplogTimes(from, last.through) > 0 && token >= last.token);
  }
}

function join(ranges: readonly StoredRange[]): StoredRange[] {
  const byStart = Map.groupBy(ranges, ({ from }) => formatOplogTime(from));
  const joined: StoredRange[] = [];
  let next = bestOf([...byStart.values()].reduce((first, each) => (startsBefore(each, first) ? each : first), []));
  while (next) {
    joined.push(next);
    const { through, token }: StoredRange = next;
    // An end before its beginning would lead back and never end. And once a later lease wrote, an earlier one no longer
    // counts, not even where it happened to end at the same entry: what it wrote follows what it wrote itself.
    const after = byStart.get(formatOplogTime(through)) ?? [];
    next = bestOf(after.filter((each) => compareOplogTimes(each.through, through) > 0 && each.token >= token));
  }
  return joined;
}

const startsBefore = ([one]: readonly StoredRange[], [other]: readonly StoredRange[]): boolean =>
  one !== undefined && (other === undefined || compareOplogTimes(one.from, other.from) < 0);

const bestOf = (ranges: readonly StoredRange[]): StoredRange | undefined =>
  ranges.reduce<StoredRange | undefined>((best, each) => (best && !isBetter(each, best) ? best : each), undefined);

/** An archive over what it was made of, a later lease over an earlier one, more over less. */
function isBetter(one: StoredRange, other: StoredRange): boolean {
  if (one.kind !== other.kind) return one.kind === 'archive';
  return one.token === other.token ? compareOplogTimes(one.through, other.through) > 0 : one.token > other.token;
}
