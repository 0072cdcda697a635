import { z } from 'zod';
import { compareOplogTimes, OplogTime } from '#ports';
import { holesIn, type Timeline } from './timelines.ts';

/** Why nothing leads over a stretch of a timeline, in any region. */
export const LostWhy = z.enum([
  /** It is there and not whole. */
  'damaged',
  /** It is not there. */
  'gone',
  /** Nothing gives its data key any more. */
  'keyless',
  /** Both sides are whole and the later one follows something else: `from` and `through` are one time. */
  'unjoined',
]);
export type LostWhy = z.output<typeof LostWhy>;

/** Entries after `from`, through `through`, that no region has whole. */
export const Lost = z.object({
  timeline: z.number().int().positive(),
  from: OplogTime,
  through: OplogTime,
  why: LostWhy,
});
export type Lost = z.output<typeof Lost>;

/** Neighbours as one, in order. Pure. */
export function mergeLost(lost: readonly Lost[]): Lost[] {
  const merged: Lost[] = [];
  for (const each of [...lost].sort(inOrder)) {
    const last = merged.at(-1);
    const goesOn = last?.timeline === each.timeline && compareOplogTimes(each.from, last.through) <= 0;
    if (!last || !goesOn) merged.push(each);
    else if (compareOplogTimes(each.through, last.through) > 0)
      merged[merged.length - 1] = { ...last, through: each.through };
  }
  return merged;
}

/** What the names alone say is lost: holes between the parts of one timeline. Pure. */
export const lostByName = (timelines: readonly Timeline[]): Lost[] =>
  holesIn(timelines).map((hole) => ({ ...hole, why: 'gone' }));

/**
 * The timelines without what is known to be lost, as the parts that are left: what is damaged everywhere leads to nothing,
 * though its name still says so. Something lost that is no longer part of them changes nothing. Pure.
 */
export function withoutLost(timelines: readonly Timeline[], lost: readonly Lost[]): Timeline[] {
  return timelines.flatMap((timeline) =>
    lost.filter(({ timeline: number }) => number === timeline.number).reduce(cutAll, [timeline]),
  );
}

const cutAll = (parts: readonly Timeline[], lost: Lost): Timeline[] => parts.flatMap((part) => cut(part, lost));

function cut(part: Timeline, { from, through }: Lost): Timeline[] {
  const before = part.ranges.filter((range) => compareOplogTimes(range.through, from) <= 0);
  const after = part.ranges.filter((range) => compareOplogTimes(range.from, through) >= 0);
  return [before, after].flatMap((ranges) => partOf(part.number, ranges));
}

function partOf(number: number, ranges: Timeline['ranges']): Timeline[] {
  const [first] = ranges;
  const last = ranges.at(-1);
  return first && last ? [{ number, from: first.from, through: last.through, ranges }] : [];
}

const inOrder = (a: Lost, b: Lost): number => a.timeline - b.timeline || compareOplogTimes(a.from, b.from);
