import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Region } from '#core';
import type { OplogTime } from '#ports';
import { lostByName, type StoredRange, timelinesOf, withoutLost } from '#vault';

const regions = [Region.parse('us-east-1')];
const time = (n: number): OplogTime => ({ seconds: 1_000 + n, increment: 1 });
const range = (from: number, through: number, token: number): StoredRange => ({
  kind: 'segment',
  timeline: 1,
  from: time(from),
  through: time(through),
  token,
  key: `${from}-${through}-${token}`,
  regions,
});

/**
 * What a run of holders leaves behind: each goes on from a position that the one before had written down, which may be
 * behind what it had already stored, and may write on for a while after it lost the lease.
 */
const holders = fc.array(
  fc.record({
    steps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
    /** How many of its segments the written position is behind. */
    behind: fc.integer({ min: 0, max: 3 }),
    writesOn: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 6 },
);

interface Story {
  readonly ranges: readonly StoredRange[];
  /** Ends of the history that counts, in order. */
  readonly path: readonly number[];
}

interface Holder {
  readonly steps: readonly number[];
  readonly behind: number;
  readonly writesOn: readonly number[];
}

function tell(story: readonly Holder[]): Story {
  const ranges: StoredRange[] = [];
  let path = [0];
  for (const [token, { steps, behind, writesOn }] of story.entries()) {
    for (const step of steps) {
      const at = path.at(-1) ?? 0;
      ranges.push(range(at, at + step, token + 1));
      path.push(at + step);
    }
    let zombie = path.at(-1) ?? 0;
    if (token === story.length - 1) continue;
    for (const step of writesOn) {
      ranges.push(range(zombie, zombie + step, token + 1));
      zombie += step;
    }
    path = path.slice(0, Math.max(1, path.length - behind));
  }
  return { ranges, path };
}

test('whoever captured, died, was frozen or came back: the history that counts is the last holders, unbroken', () => {
  fc.assert(
    fc.property(holders, fc.infiniteStream(fc.nat()), (story, order) => {
      const { ranges, path } = tell(story);
      const shuffled = ranges
        .map((each) => ({ each, key: order.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ each }) => each);
      const [timeline] = timelinesOf(shuffled);
      const found = [timeline?.ranges[0]?.from, ...(timeline?.ranges.map(({ through }) => through) ?? [])];
      expect(found).toEqual(path.map(time));
    }),
    { numRuns: 500 },
  );
});

test('a segment that is missing everywhere ends a part of the history there, and another begins behind it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(), (length, which) => {
      const all = Array.from({ length }, (_, n) => range(n, n + 1, 1));
      const lost = 1 + (which % (length - 1));
      const parts = timelinesOf(all.filter((_, index) => index !== lost));
      expect(parts[0]).toMatchObject({ number: 1, from: time(0), through: time(lost) });
      expect(parts[0]?.ranges).toHaveLength(lost);
      if (lost === length - 1) expect(parts).toHaveLength(1);
      else expect(parts[1]).toMatchObject({ number: 1, from: time(lost + 1), through: time(length) });
      expect(lostByName(parts)).toEqual(
        lost === length - 1 ? [] : [{ timeline: 1, from: time(lost), through: time(lost + 1), why: 'gone' }],
      );
    }),
  );
});

test('an archive is taken before the segments it was made of, and segments go on from it', () => {
  const segments = [range(0, 1, 1), range(1, 2, 1), range(2, 3, 1), range(3, 4, 1)];
  const archive: StoredRange = { ...range(0, 3, 1), kind: 'archive', key: 'archive' };
  const [timeline] = timelinesOf([...segments, archive]);
  expect(timeline?.ranges.map(({ key }) => key)).toEqual(['archive', '3-4-1']);
});

test('whatever is known to be lost, what is left are its parts: unbroken, in order, and nothing lost is in any', () => {
  const stretch = fc.tuple(fc.nat({ max: 19 }), fc.nat({ max: 4 }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 5 }), (stretches) => {
      const all = Array.from({ length: 20 }, (_, n) => range(n, n + 1, 1));
      const lost = stretches.map(([from, length]) => ({
        ...{ timeline: 1, from: time(from), through: time(Math.min(20, from + length)) },
        why: length === 0 ? ('unjoined' as const) : ('damaged' as const),
      }));
      const parts = withoutLost(timelinesOf(all), lost);
      const isLost = (n: number): boolean => stretches.some(([from, length]) => n >= from && n < from + length);
      const isCutBefore = (n: number): boolean => stretches.some(([from, length]) => n === from || n === from + length);
      const expected: number[][] = [];
      for (const n of all.keys()) {
        if (isLost(n)) continue;
        const last = expected.at(-1);
        if (last?.at(-1) === n - 1 && !isCutBefore(n)) last.push(n);
        else expected.push([n]);
      }
      expect(parts.map(({ ranges }) => ranges.map(({ key }) => key))).toEqual(
        expected.map((part) => part.map((n) => `${n}-${n + 1}-1`)),
      );
    }),
    { numRuns: 300 },
  );
});
