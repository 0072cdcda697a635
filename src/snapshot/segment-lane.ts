import type { StoredSegment } from '#vault';

interface Filled<Mark> {
  /** Undefined where something was said without a segment. */
  readonly index: number | undefined;
  readonly marks: readonly Mark[];
  stored: StoredSegment | undefined;
}

/**
 * One writer's segments in the order in which it filled them, each with marks: what is true once it and all before it are
 * in the bucket. Segments arrive there in any order; a mark must not count before its time. A segment without marks ends
 * in the middle of something and counts together with the next.
 */
export class SegmentLane<Mark> {
  readonly #filled: Filled<Mark>[] = [];

  /** A segment was handed on. */
  fill(index: number, marks: readonly Mark[]): void {
    this.#filled.push({ index, marks, stored: undefined });
  }

  /** Says something of all that was filled before. */
  pass(mark: Mark): void {
    this.#filled.push({ index: undefined, marks: [mark], stored: undefined });
  }

  /** A segment is in the bucket; whether it was one of this lane. */
  store(segment: StoredSegment): boolean {
    const mine = this.#filled.find(({ index }) => index === segment.record.index);
    if (mine) mine.stored = segment;
    return mine !== undefined;
  }

  /** Takes out what counts by now. */
  settle(): { readonly segments: readonly StoredSegment[]; readonly marks: readonly Mark[] } {
    const waitsFrom = this.#filled.findIndex(({ index, stored }) => index !== undefined && !stored);
    const here = waitsFrom < 0 ? this.#filled.length : waitsFrom;
    const through = this.#filled.slice(0, here).findLastIndex(({ marks }) => marks.length > 0);
    const settled = this.#filled.splice(0, through + 1);
    return {
      segments: settled.flatMap(({ stored }) => (stored ? [stored] : [])),
      marks: settled.flatMap(({ marks }) => marks),
    };
  }
}
