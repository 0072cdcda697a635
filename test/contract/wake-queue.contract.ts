import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Wake, WakeQueue } from '#ports';

interface Opened {
  readonly queue: WakeQueue;
  /** Takes the queue away, as a crash does, and brings it back. */
  stop(): Promise<void>;
  start(): Promise<void>;
  end(): Promise<void>;
}

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/** What every wake queue must do. */
export function wakeQueueContract(open: () => Promise<Opened>): void {
  describe('the wake queue', () => {
    let opened: Opened;
    const woken: Wake[] = [];
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.end());
    const seen = (runId: string) => woken.filter((each) => each.runId === runId);
    const arrives = (runId: string, times: number) =>
      vi.waitFor(() => expect(seen(runId)).toHaveLength(times), { timeout: 10_000, interval: 20 });

    it('delivers a wake to a listener', async () => {
      await opened.queue.listen(async (wake) => {
        woken.push(wake);
        if (wake.runId === 'R-13') throw new Error('the listener fails');
      });
      await opened.queue.wake({ job: 'failover', runId: 'R-42' });
      await arrives('R-42', 1);
      expect(seen('R-42')).toEqual([{ job: 'failover', runId: 'R-42' }]);
      expect(await opened.queue.isAlive()).toBe(true);
    });

    it('delivers a second wake of the same run: the run id is not a dedupe key', async () => {
      await opened.queue.wake({ job: 'failover', runId: 'R-43' });
      await arrives('R-43', 1);
      await opened.queue.wake({ job: 'failover', runId: 'R-43' });
      await arrives('R-43', 2);
    });

    it('goes on after a listener failed', async () => {
      await opened.queue.wake({ job: 'failover', runId: 'R-13' });
      await arrives('R-13', 1);
      await opened.queue.wake({ job: 'failover', runId: 'R-44' });
      await arrives('R-44', 1);
    });

    it('refuses within a second while it is down, and resumes by itself', async () => {
      await opened.stop();
      const refused = { code: 'QUEUE_UNAVAILABLE', kind: 'transient' };
      const ms = await took(() =>
        expect(opened.queue.wake({ job: 'backup', runId: 'R-45' })).rejects.toMatchObject(refused),
      );
      expect(ms).toBeLessThan(1000);
      expect(await opened.queue.isAlive()).toBe(false);
      await opened.start();
      await vi.waitFor(() => opened.queue.wake({ job: 'backup', runId: 'R-46' }), { timeout: 10_000, interval: 100 });
      await arrives('R-46', 1);
    });

    it('closes within a second while it is down', async () => {
      await opened.stop();
      expect(await took(() => opened.queue.close())).toBeLessThan(1000);
    });
  });
}
