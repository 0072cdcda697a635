import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History } from '#ports';

/** What every history must do. `now`: a moment near which samples are kept. */
export function historyContract(
  open: () => Promise<{ readonly history: History; readonly now: Date; close(): Promise<void> }>,
): void {
  describe('history', () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const ago = (minutes: number): Date => new Date(opened.now.getTime() - minutes * 60_000);

    it('has no steps where there are no samples', async () => {
      expect(await opened.history.read({ series: 'nobody', since: ago(60), until: ago(0), stepMs: 60_000 })).toEqual(
        [],
      );
    });

    it('gives the lowest and the mean of each step, by time, and leaves empty ones out', async () => {
      const add = (minutes: number, value: number) => ({ series: 'overall', at: ago(minutes), value });
      await opened.history.add([add(5, 80), add(59, 100), add(55, 50)]);
      await opened.history.add([add(4, 100), { series: 'other', at: ago(5), value: 1 }, add(61, 7)]);
      await opened.history.add([]);
      const steps = await opened.history.read({ series: 'overall', since: ago(60), until: ago(0), stepMs: 600_000 });
      expect(steps).toEqual([
        { from: ago(60), lowest: 50, mean: 75, samples: 2 },
        { from: ago(10), lowest: 80, mean: 90, samples: 2 },
      ]);
    });

    it('takes the beginning of a span and not its end', async () => {
      await opened.history.add([
        { series: 'edge', at: ago(10), value: 1 },
        { series: 'edge', at: ago(5), value: 2 },
      ]);
      const steps = await opened.history.read({ series: 'edge', since: ago(10), until: ago(5), stepMs: 60_000 });
      expect(steps.map(({ lowest }) => lowest)).toEqual([1]);
    });
  });
}
