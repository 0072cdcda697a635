import { asDrError } from '#core';
import type { OplogTime } from '#ports';
import { hourOf, type StoredRange } from '../captured-range.ts';
import type { Lost } from '../lost.ts';
import { openTimeline } from '../open-timeline.ts';
import type { Timeline } from '../timelines.ts';
import type { CheckedObject } from './checked-object.ts';
import type { PatientRegions } from './patient-regions.ts';

/** The last segment's hash of what was read, which whatever follows it must name. */
interface Link {
  readonly through: OplogTime;
  readonly hash: string;
}

/**
 * What of an hour is lost for a restore: ranges that count and no region has whole, and joints that do not hold although
 * both sides are whole. `counts` has the keys of the ranges that lead from one time to the next; whatever else is there is
 * read by nobody. Throws transient errors of the regions.
 */
export async function lostInHour(
  regions: PatientRegions,
  timelines: readonly Timeline[],
  { timeline, hour }: { readonly timeline: number; readonly hour: string },
  checks: ReadonlyMap<string, CheckedObject>,
  rebuilt: readonly string[],
): Promise<{ lost: Lost[]; counts: Set<string> }> {
  const lost: Lost[] = [];
  const counts = new Set<string>();
  const parts = timelines.filter(({ number }) => number === timeline);
  for (const part of parts) {
    const first = part.ranges.findIndex((range) => isIn(range, hour));
    if (first < 0) continue;
    let before = await linkBefore(regions, part, first);
    for (const range of part.ranges.slice(first)) {
      if (!isIn(range, hour)) break;
      counts.add(range.key);
      const { from, through, key } = range;
      const check = checks.get(key);
      if (check?.why && !rebuilt.includes(key)) lost.push({ timeline, from, through, why: check.why });
      const { whole } = check ?? {};
      if (whole && before && whole.header.previous !== before.hash) {
        lost.push({ timeline, from, through: from, why: 'unjoined' });
      }
      if (whole && part === parts[0] && range === part.ranges[0] && isCut(range, whole.header.previous)) {
        lost.push({ timeline, from: startOf(hour), through: from, why: 'gone' });
      }
      before = whole && { through, hash: whole.header.last ?? whole.hash };
    }
  }
  return { lost, counts };
}

const isIn = ({ key }: StoredRange, hour: string): boolean => key.split('/')[2] === hour;

/** Of the range before the hour's first one, which belongs to another hour; undefined when there is none or it is not whole. */
async function linkBefore({ vault }: PatientRegions, part: Timeline, first: number): Promise<Link | undefined> {
  const range = part.ranges[first - 1];
  if (!range) return undefined;
  const opened = openTimeline(vault, { ...part, ranges: [range] });
  try {
    for await (const { header, hash } of opened.segments(range.from, range.through)) {
      return { through: range.through, hash: header.last ?? hash };
    }
    return undefined;
  } catch (thrown) {
    const error = asDrError(thrown);
    // it is damaged: its own hour says so
    if (error.kind === 'permanent') return undefined;
    throw error;
  } finally {
    opened.close();
  }
}

/**
 * Whether the oldest range that is left follows one of its own hour: whole hours go when their time has come, part of one
 * never does.
 */
const isCut = ({ from, through, key }: StoredRange, previous: string | null): boolean =>
  previous !== null && hourOf(from) === hourOf(through) && key.split('/')[2] === hourOf(from);

const startOf = (hour: string): OplogTime => ({ seconds: Date.parse(`${hour}:00:00Z`) / 1000, increment: 0 });
