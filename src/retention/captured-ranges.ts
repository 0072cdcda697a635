import { compareOplogTimes, formatOplogTime, type OplogTime } from '#ports';
import { ownerOf } from '#vault';
import type { Inventory } from './inventory.ts';

/** A stretch of captured oplog without a gap: everything in (from, through]. */
export interface CapturedRange {
  readonly timeline: string;
  readonly from: OplogTime;
  readonly through: OplogTime;
}

/**
 * What is captured, by timeline and time. A piece goes on where another ends, exactly there; where two begin together the
 * one that leads further counts.
 */
export function capturedRanges({ keys }: Pick<Inventory, 'keys'>): CapturedRange[] {
  const pieces: CapturedRange[] = [];
  for (const key of keys.keys()) {
    const owner = ownerOf(key);
    if (owner.kind === 'capture' && owner.covers) pieces.push({ timeline: owner.timeline, ...owner.covers });
  }
  pieces.sort((a, b) => compareOplogTimes(b.from, a.from));
  const leads = new Map<string, OplogTime>();
  const inside = new Set<string>();
  for (const { timeline, from, through } of pieces) {
    const next = `${timeline} ${formatOplogTime(through)}`;
    inside.add(next);
    const reached = leads.get(next) ?? through;
    const name = `${timeline} ${formatOplogTime(from)}`;
    const before = leads.get(name);
    if (!before || compareOplogTimes(reached, before) > 0) leads.set(name, reached);
  }
  const heads = new Map<string, CapturedRange>();
  for (const { timeline, from } of pieces) {
    const name = `${timeline} ${formatOplogTime(from)}`;
    const through = leads.get(name);
    if (through && !inside.has(name)) heads.set(name, { timeline, from, through });
  }
  return [...heads.values()];
}

/** Whether a restore can go on from that time into the range. */
export const leadsInto = ({ from, through }: CapturedRange, time: OplogTime): boolean =>
  compareOplogTimes(from, time) <= 0 && compareOplogTimes(time, through) <= 0;
