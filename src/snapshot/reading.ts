import type { ReadPosition, ReadRange, SourceCollection } from '#ports';

/** A range of a collection, and how much of it is in the bucket for good. */
export interface RangeProgress {
  readonly range: ReadRange;
  kept: Kept;
  /** To its end, by this process or, where all of it is kept, by one before. */
  read?: boolean;
}

/** `unknown`: more than nothing, and no saying how much; what is kept then goes for nothing. */
export type Kept = 'nothing' | 'unknown' | 'all' | { readonly behind: ReadPosition };

/** Becomes true when the segment that it is of is in the bucket. */
export interface RangeMark {
  readonly of: RangeProgress;
  readonly kept: Kept;
}

/** One collection being read. */
export interface Reading {
  readonly collection: SourceCollection;
  /** Its documents go under it. Those read in vain stay in their segments under a number that nobody refers to. */
  number: number;
  reads: number;
  ranges: RangeProgress[];
  state: 'open' | 'done' | 'dropped';
}

/** The range, from where it is kept. */
export const restOf = ({ range, kept }: RangeProgress): ReadRange =>
  typeof kept === 'object' ? { ...range, behind: kept.behind } : range;

/** Begins a collection anew: nothing of it that was read counts. */
export function beginAnew(reading: Reading, number: number): RangeProgress {
  const all: RangeProgress = { range: { kind: 'all' }, kept: 'nothing' };
  reading.number = number;
  reading.ranges = [all];
  return all;
}
