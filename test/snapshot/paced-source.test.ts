import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSettableClock } from '#adapters/memory';
import type { DocumentBatch, SnapshotSource, SourceCollection } from '#ports';
import { pacedSource } from '#snapshot';

const START = new Date('2026-11-23T03:00:00Z');
const collection = {} as SourceCollection;
const SINCE = { seconds: 1, increment: 1 };

/** Gives out batches of these sizes to each reading, as fast as they are asked for. */
const sourceOf = (sizes: readonly number[]) => {
  const read = async function* (): AsyncGenerator<DocumentBatch> {
    for (const size of sizes) yield { documents: Buffer.alloc(size), count: 1 };
  };
  return { member: 'east-2', read, readByIds: read } as unknown as SnapshotSource;
};

test('all readers together get no more than the limit and one reply each, and lose no time beyond it', async () => {
  const replies = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 8 });
  const limit = fc.integer({ min: 100, max: 5000 });
  await fc.assert(
    fc.asyncProperty(replies, limit, fc.integer({ min: 1, max: 3 }), async (sizes, bytesPerSecond, count) => {
      const clock = createSettableClock(START);
      const largest = Math.max(0, ...sizes);
      const source = pacedSource(sourceOf(sizes), { bytesPerSecond, clock });
      const readers = Array.from({ length: count }, (_, at) => at);
      let got = 0;
      let ended = 0;
      const signal = new AbortController().signal;
      for (const at of readers) {
        void (async () => {
          const whole = source.read(collection, { kind: 'all' }, SINCE, signal);
          const batches = at % 2 === 0 ? whole : source.readByIds(collection, [], SINCE, signal);
          for await (const batch of batches) {
            got += batch.documents.length;
            const allowed = (clock.monotonicMs() / 1000) * bytesPerSecond + count * largest;
            expect(got).toBeLessThanOrEqual(allowed + 1);
          }
          ended += 1;
        })();
      }
      const wanted = sizes.reduce((sum, size) => sum + size, 0) * count;
      await clock.advance((wanted / bytesPerSecond) * 1000 + 1);
      expect({ got, ended }).toEqual({ got: wanted, ended: count });
    }),
    { numRuns: 25 },
  );
});

test('a wait ends with the backup that is cancelled', async () => {
  const clock = createSettableClock(START);
  const source = pacedSource(sourceOf([1000, 1000]), { bytesPerSecond: 1, clock });
  const cancelled = new AbortController();
  const reading = (async () => {
    for await (const _ of source.read(collection, { kind: 'all' }, SINCE, cancelled.signal));
  })();
  await clock.advance(1);
  expect(clock.sleepers()).toBe(1);
  cancelled.abort(new Error('cancelled by John Smith'));
  await expect(reading).rejects.toThrow('cancelled by John Smith');
});
