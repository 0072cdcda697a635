import { compareOplogTimes, formatOplogTime, type ObjectStore, type OplogTime } from '#ports';
import { askEveryRegion, type Unreachable } from '../ask-every-region.ts';
import type { Vault } from '../vault.ts';
import { ARCHIVES, archivePieceOf, hourPrefix, rangeOf, SEGMENTS, type StoredRange } from './captured-range.ts';

/** An unbroken history: every majority-committed entry of the scope after `from`, through `through`. */
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
  const { answers, unreachable } = await askEveryRegion(vault, rangesIn);
  const found = new Map<string, StoredRange>();
  for (const range of answers.flatMap(({ answer }) => answer)) {
    const known = found.get(range.key);
    found.set(range.key, known ? { ...known, regions: [...known.regions, ...range.regions] } : range);
  }
  return { timelines: timelinesOf([...found.values()]), unreachable };
}

/** One region's archives, and the segments of the hours that are not archived yet: of those there are thousands. */
async function rangesIn(store: ObjectStore): Promise<StoredRange[]> {
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
      if (archived.has(prefix)) continue;
      for await (const { key } of store.list(prefix)) {
        const range = rangeOf(key);
        if (range) ranges.push({ ...range, kind: 'segment', key, regions });
      }
    }
  }
  return ranges;
}

/**
 * Joins ranges to timelines. From where a range ends goes on the one that begins there; of several segments, that of the
 * later lease: whoever lost the lease may have written on for a moment. A range that nothing leads to belongs to nothing.
 */
export function timelinesOf(ranges: readonly StoredRange[]): Timeline[] {
  const byNumber = Map.groupBy(ranges, ({ timeline }) => timeline);
  return [...byNumber]
    .sort(([a], [b]) => a - b)
    .map(([number, mine]) => {
      const joined = join(mine);
      const [first] = joined;
      const last = joined.at(-1);
      const nowhere = { seconds: 0, increment: 0 };
      return { number, from: first?.from ?? nowhere, through: last?.through ?? nowhere, ranges: joined };
    });
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
