import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sha256 } from '#core';
import type { StoredSegment } from '#vault';
import { SegmentLane } from '../../src/snapshot/segment-lane.ts';

const segment = (index: number): StoredSegment => ({
  record: {
    ...{ kind: 'documents', index, key: `documents-${index}`, plainBytes: 1, storedBytes: 1, contents: [], copies: {} },
    sha256: Sha256.parse('0'.repeat(64)),
  },
  tallies: [],
});

test('in whatever order segments arrive, a mark counts once all before it are there, with exactly what it is of', () => {
  const filled = fc.array(fc.record({ marked: fc.boolean(), bare: fc.boolean() }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(filled, fc.infiniteStream(fc.nat()), (steps, order) => {
      const lane = new SegmentLane<number>();
      const indexes: number[] = [];
      for (const [at, { marked, bare }] of steps.entries()) {
        if (bare) lane.pass(at);
        else {
          indexes.push(at);
          lane.fill(at, marked ? [at] : []);
        }
      }
      const arrived = new Set<number>();
      const settled: number[] = [];
      let reached = -1;
      for (const left = [...indexes]; ; ) {
        const now = lane.settle();
        settled.push(...now.segments.map(({ record }) => record.index));
        reached = now.marks.at(-1) ?? reached;
        // exactly the segments through the newest mark count, and each of them is there
        expect(settled).toEqual(indexes.filter((index) => index <= reached));
        expect(settled.every((index) => arrived.has(index))).toBe(true);
        if (left.length === 0) break;
        const [next = 0] = left.splice((order.next().value ?? 0) % left.length, 1);
        arrived.add(next);
        expect(lane.store(segment(next))).toBe(true);
      }
      const lastMark = steps.findLastIndex(({ marked, bare }) => marked || bare);
      expect(reached).toBe(lastMark);
    }),
  );
});

test('a segment of another lane is not taken for one of this', () => {
  const lane = new SegmentLane<number>();
  lane.fill(3, [1]);
  expect(lane.store(segment(4))).toBe(false);
  expect(lane.settle()).toEqual({ segments: [], marks: [] });
});
